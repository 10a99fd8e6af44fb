/**
 * The ledger's account of a secret: hex SHA-256 of the origin it is sent to, a line feed, and the secret. The same
 * secret at the same origin is the same account however often its key is deleted and added again. A service key is far
 * too long to be guessed from it; a short password of a local server is not, and guards nothing but that server.
 */
export async function fingerprintOf(origin: string, secret: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${origin}\n${secret}`));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
