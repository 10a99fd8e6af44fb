// Runs inside of the extension host of a real VS Code, which loads CommonJS.
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

const extension = () => vscode.extensions.getExtension('patchbay.patchbay-vscode');

const tests = {
  'is not active before something of it is used': async () => {
    assert.ok(extension());
    assert.equal(extension().isActive, false);
  },
  'activates without waiting for network or disk': async () => {
    const { fetch } = globalThis;
    let asked = 0;
    globalThis.fetch = (...request) => {
      asked++;
      return fetch(...request);
    };
    const before = performance.now();
    await extension().activate();
    const took = performance.now() - before;
    globalThis.fetch = fetch;
    assert.ok(extension().isActive);
    assert.equal(asked, 0);
    // The editor's data lie beside the home that the tests gave it; ours would be made by the first use of a store.
    const data = path.join(path.dirname(process.env.HOME), 'data/User');
    assert.ok(fs.existsSync(path.join(data, 'settings.json')));
    assert.equal(fs.existsSync(path.join(data, 'globalStorage/patchbay.patchbay-vscode/patchbay.sqlite')), false);
    console.log(`activation took ${took.toFixed(1)} ms`);
  },
  'registers every command of its manifest': async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    const promised = extension().packageJSON.contributes.commands.map(({ command }) => command);
    assert.ok(promised.length > 20);
    assert.deepEqual(
      promised.filter((command) => !registered.has(command)),
      [],
    );
  },
  'offers no model while there is no key, and the guide to nobody': async () => {
    assert.deepEqual(await vscode.lm.selectChatModels({ vendor: 'patchbay' }), []);
  },
  'has a default and a description for each setting': async () => {
    const { properties } = extension().packageJSON.contributes.configuration;
    const settings = vscode.workspace.getConfiguration();
    for (const [name, { markdownDescription }] of Object.entries(properties)) {
      assert.ok(settings.inspect(name), name);
      assert.ok(markdownDescription && !markdownDescription.startsWith('%'), name);
    }
    assert.equal(settings.get('patchbay.context.surroundingLines'), 0);
  },
  'gives lightbulbs for a problem and for a selection': async () => {
    const document = await vscode.workspace.openTextDocument({
      content: 'let a = 1;\nlet b = 2;\n',
      language: 'plaintext',
    });
    const range = new vscode.Range(0, 0, 1, 5);
    const actions = await vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, range);
    const titles = actions.map(({ title }) => title).filter((title) => title.includes('Patchbay'));
    assert.deepEqual(titles.sort(), ['Edit with Patchbay…', 'Refactor with Patchbay']);
  },
  'keeps its storage outside of the workspace': async () => {
    const [folder] = vscode.workspace.workspaceFolders;
    const entries = await vscode.workspace.fs.readDirectory(folder.uri);
    assert.deepEqual(
      entries.map(([name]) => name),
      ['sample.js'],
    );
  },
};

exports.run = async () => {
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    try {
      await test();
      console.log(`ok - ${name}`);
    } catch (error) {
      failed++;
      console.log(`not ok - ${name}: ${error.stack}`);
    }
  }
  if (failed > 0) throw new Error(`${failed} failed`);
};
