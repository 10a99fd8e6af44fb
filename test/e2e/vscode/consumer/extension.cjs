// Another extension in the same VS Code, which knows nothing of Patchbay but VS Code's own interface to models. What it
// got goes into a file of the workspace. Extension hosts load CommonJS.
const vscode = require('vscode');

const user = (content) => vscode.LanguageModelChatMessage.User(content);
const assistant = (content) => vscode.LanguageModelChatMessage.Assistant(content);

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const ADD = {
  name: 'add',
  description: 'Adds two numbers',
  inputSchema: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a', 'b'] },
};

async function sonnet() {
  const [model] = await vscode.lm.selectChatModels({ vendor: 'patchbay', family: 'claude-sonnet-4.5' });
  return model;
}

/** What came, as plain data. */
function plain(part) {
  if (part instanceof vscode.LanguageModelTextPart) return { type: 'text', text: part.value };
  if (part instanceof vscode.LanguageModelToolCallPart)
    return { type: 'tool-call', name: part.name, input: part.input };
  if (part instanceof vscode.LanguageModelDataPart) {
    return { type: 'data', mimeType: part.mimeType, text: new TextDecoder().decode(part.data) };
  }
  return { type: 'unknown' };
}

async function collect(response, onPart = () => {}) {
  const parts = [];
  for await (const part of response.stream) {
    parts.push(part);
    onPart(part);
  }
  return parts;
}

const tasks = {
  models: async () => {
    const models = await vscode.lm.selectChatModels({ vendor: 'patchbay' });
    return models.map(({ id, name, family, version, maxInputTokens }) => ({
      id,
      name,
      family,
      version,
      maxInputTokens,
    }));
  },
  stream: async () => {
    const model = await sonnet();
    const parts = await collect(await model.sendRequest([user('Count.')], {}));
    return { parts: parts.map(plain), tokens: await model.countTokens('Eight words are about ten tokens, or so.') };
  },
  tools: async () => {
    const model = await sonnet();
    const question = user('What is 2 + 3?');
    const first = await collect(await model.sendRequest([question], { tools: [ADD] }));
    const calls = first.filter((part) => part instanceof vscode.LanguageModelToolCallPart);
    const results = calls.map(
      ({ callId, input }) =>
        new vscode.LanguageModelToolResultPart(callId, [new vscode.LanguageModelTextPart(String(input.a + input.b))]),
    );
    // VS Code keeps the call alone: what its provider wants to see again besides is not in these messages.
    const second = await collect(
      await model.sendRequest([question, assistant(calls), user(results)], { tools: [ADD] }),
    );
    return { first: first.map(plain), second: second.map(plain) };
  },
  image: async () => {
    const model = await sonnet();
    const parts = [
      new vscode.LanguageModelTextPart('What is this?'),
      vscode.LanguageModelDataPart.image(PIXEL, 'image/png'),
    ];
    return { parts: (await collect(await model.sendRequest([user(parts)], {}))).map(plain) };
  },
  attach: async () => {
    const [folder] = vscode.workspace.workspaceFolders;
    await vscode.commands.executeCommand('workbench.action.chat.open', {
      query: '@patchbay What is in these?',
      attachFiles: [vscode.Uri.joinPath(folder.uri, 'sample.js'), folder.uri],
    });
    return {};
  },
  refused: async () => {
    const model = await sonnet();
    return { parts: (await collect(await model.sendRequest([user('May I?')], {}))).map(plain) };
  },
  cancel: async () => {
    const model = await sonnet();
    const source = new vscode.CancellationTokenSource();
    const parts = [];
    try {
      const response = await model.sendRequest([user('Count for long.')], {}, source.token);
      for await (const part of response.stream) {
        parts.push(plain(part));
        source.cancel();
      }
    } catch (error) {
      return { parts, error: error.message };
    }
    return { parts };
  },
};

exports.activate = (context) => {
  const [folder] = vscode.workspace.workspaceFolders;
  const note = (task, result) =>
    vscode.workspace.fs.writeFile(
      vscode.Uri.joinPath(folder.uri, `${task}.json`),
      new TextEncoder().encode(JSON.stringify(result)),
    );
  for (const [name, task] of Object.entries(tasks)) {
    context.subscriptions.push(
      vscode.commands.registerCommand(`witness.${name}`, async () => {
        await note(
          name,
          await task().catch((error) => ({ error: error.message, code: error.code, name: error.constructor.name })),
        );
      }),
    );
  }
  context.subscriptions.push(
    vscode.chat.createChatParticipant('witness.participant', async (request, _context, stream, token) => {
      const response = await request.model.sendRequest([user(request.prompt)], {}, token);
      for await (const text of response.text) stream.markdown(text);
    }),
  );
};
