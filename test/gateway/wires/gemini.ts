import { data, halves, type Script, type Wire } from './script.ts';

type Fields = { readonly [field: string]: unknown };

/** Parts of the answer: each of a stream, or all of a whole one, where running text is one part. */
function partsOf({ thought, text = [], calls, image }: Script, streamed: boolean): Fields[] {
  const texts = streamed ? text : [text.join('')].filter((one) => one !== '');
  const signature = thought && { thoughtSignature: thought.signature };
  return [
    ...(thought ? (streamed ? halves(thought.text) : [thought.text]).map((one) => ({ text: one, thought: true })) : []),
    ...texts.map((one, index) => ({ text: one, ...(!calls && index === texts.length - 1 && signature) })),
    ...(image === undefined ? [] : [{ inlineData: { mimeType: 'image/png', data: image } }]),
    // Quirks 106 and 109: whole, without an id, and only the first one signed.
    ...(calls ?? []).map(({ name, args }, index) => ({
      functionCall: { name, ...(Object.keys(args).length > 0 && { args }) },
      ...(index === 0 && signature),
    })),
  ];
}

const endOf = ({ short, refusal, source }: Script): Fields => ({
  finishReason: short ? 'MAX_TOKENS' : refusal === undefined ? 'STOP' : 'SAFETY',
  ...(source !== undefined && { groundingMetadata: { groundingChunks: [{ web: { uri: source, title: 'A' } }] } }),
});

/** Quirk 117. */
const usageOf = ({ usage }: Script): Fields => ({
  promptTokenCount: usage.input,
  cachedContentTokenCount: usage.cached,
  candidatesTokenCount: usage.output - usage.thought,
  thoughtsTokenCount: usage.thought,
  totalTokenCount: usage.input + usage.output,
});

const HEAD = { modelVersion: 'answering-model', responseId: 'r1' };

/** CRLF between events (quirk 1), and no end marker (quirk 10). */
export const geminiWire: Wire = {
  frames: (script) =>
    [
      ...partsOf(script, true).map((part) => ({
        candidates: [{ content: { parts: [part], role: 'model' } }],
        ...HEAD,
      })),
      {
        candidates: [{ content: { parts: [{ text: '' }], role: 'model' }, ...endOf(script) }],
        usageMetadata: usageOf(script),
        ...HEAD,
      },
    ].map((chunk) => data(chunk).replaceAll('\n', '\r\n')),
  whole: (script) => ({
    candidates: [{ content: { parts: partsOf(script, false), role: 'model' }, ...endOf(script) }],
    usageMetadata: usageOf(script),
    ...HEAD,
  }),
};
