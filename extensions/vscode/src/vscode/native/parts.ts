import * as vscode from 'vscode';
import type { NativeMessage, NativePart } from '../../common/native/messages.ts';

/** VS Code's messages as plain data. Parts that this version does not know are left out: there may always be new ones. */
export function plainMessages(messages: readonly vscode.LanguageModelChatRequestMessage[]): NativeMessage[] {
  return messages.map(({ role, content }) => ({
    role: role === vscode.LanguageModelChatMessageRole.Assistant ? 'assistant' : 'user',
    parts: content.flatMap(plainPart),
  }));
}

function plainPart(part: unknown): NativePart[] {
  if (part instanceof vscode.LanguageModelTextPart) return [{ type: 'text', text: part.value }];
  if (part instanceof vscode.LanguageModelToolCallPart) {
    return [{ type: 'tool-call', callId: part.callId, name: part.name, input: part.input }];
  }
  if (part instanceof vscode.LanguageModelToolResultPart) {
    return [{ type: 'tool-result', callId: part.callId, parts: part.content.flatMap(plainPart) }];
  }
  if (part instanceof vscode.LanguageModelDataPart) {
    if (part.mimeType.startsWith('image/')) return [{ type: 'image', mediaType: part.mimeType, bytes: part.data }];
    if (part.mimeType.startsWith('text/') || part.mimeType.endsWith('json')) {
      return [{ type: 'text', text: new TextDecoder().decode(part.data) }];
    }
  }
  return [];
}

/** The part by which VS Code's own context meter learns what a request used (microsoft/vscode#315394). */
export function usagePart(inputTokens: number, outputTokens: number): vscode.LanguageModelDataPart {
  const usage = {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
  return new vscode.LanguageModelDataPart(new TextEncoder().encode(JSON.stringify(usage)), 'usage');
}
