import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { beginSignIn, codeFrom, exchangeCode } from './openrouter-sign-in.ts';

describe('beginSignIn', () => {
  it('sends a challenge that only the verifier answers, and a state of its own each time', async () => {
    const one = await beginSignIn('vscode://patchbay.patchbay-vscode/openrouter?windowId=3');
    const url = new URL(one.url);
    expect(url.origin + url.pathname).toBe('https://openrouter.ai/auth');
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(url.searchParams.get('code_challenge')).toBe(createHash('sha256').update(one.verifier).digest('base64url'));
    const callback = new URL(url.searchParams.get('callback_url') ?? '');
    expect(callback.searchParams.get('windowId')).toBe('3');
    expect(callback.searchParams.get('state')).toBe(one.state);
    expect(one.verifier.length).toBeGreaterThanOrEqual(43);
    expect((await beginSignIn('vscode://x/y')).state).not.toBe(one.state);
  });

  it('asks for a code to paste where nothing can call back', async () => {
    const { url, state } = await beginSignIn(undefined);
    expect(new URL(url).searchParams.has('callback_url')).toBe(false);
    expect(state).toBe('');
  });
});

describe('codeFrom', () => {
  it('takes a code only with the state that was sent along', async () => {
    const signIn = await beginSignIn('vscode://x/y');
    expect(codeFrom(signIn, `code=abc&state=${signIn.state}`)).toBe('abc');
    expect(codeFrom(signIn, 'code=abc&state=other')).toBeUndefined();
    expect(codeFrom(signIn, 'code=abc')).toBeUndefined();
    expect(codeFrom(signIn, `state=${signIn.state}`)).toBeUndefined();
    expect(codeFrom(undefined, 'code=abc&state=')).toBeUndefined();
    expect(codeFrom({ ...signIn, state: '' }, 'code=abc&state=')).toBeUndefined();
  });
});

describe('exchangeCode', () => {
  const answer = (status: number, body: unknown) => {
    const calls: { url: string; init: RequestInit | undefined }[] = [];
    const request: typeof fetch = async (url, init) => {
      calls.push({ url: String(url), init });
      return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status });
    };
    return { calls, request };
  };

  it('trades code and verifier for a key', async () => {
    const { calls, request } = answer(200, { key: 'sk-or-v1-x' });
    expect(await exchangeCode(' abc ', 'verifier', request)).toEqual({ ok: true, key: 'sk-or-v1-x' });
    expect(calls[0]?.url).toBe('https://openrouter.ai/api/v1/auth/keys');
    expect(JSON.parse(String(calls[0]?.init?.body))).toEqual({
      code: 'abc',
      code_verifier: 'verifier',
      code_challenge_method: 'S256',
    });
  });

  it.each([
    [403, {}, 'older than ten minutes'],
    [500, 'oops', 'status 500'],
    [200, {}, 'no key'],
  ])('says what went wrong at %i', async (status, body, words) => {
    const outcome = await exchangeCode('secret-code', 'secret-verifier', answer(status, body).request);
    expect(outcome).toMatchObject({ ok: false, message: expect.stringContaining(words) });
    expect(JSON.stringify(outcome)).not.toContain('secret-');
  });

  it('says that nothing answers', async () => {
    const outcome = await exchangeCode('c', 'v', () => Promise.reject(new TypeError('fetch failed: c v')));
    expect(outcome).toEqual({ ok: false, message: expect.stringContaining('could not be reached') });
  });
});
