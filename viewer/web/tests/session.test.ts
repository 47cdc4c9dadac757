import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const storage = () => {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
};
const purpose = { applicant: '甲', channel: 'counter', purpose: 'p' };
const wish = { ...purpose, id_number: '', agent: '', authority: null } as never;
const signedIn = { name: 'Wang', csrf: 'c', rights: [], posts: [], purpose };

let heard: string[];
let answers: (method: string, path: string) => Promise<Response>;

const { session } = await import('../src/state/session.svelte');
const said = (body: unknown, status = 200) =>
  Promise.resolve(new Response(status === 204 ? null : JSON.stringify(body), { status }));

beforeEach(() => {
  heard = [];
  answers = () => said(signedIn);
  vi.stubGlobal('localStorage', storage());
  vi.stubGlobal('sessionStorage', storage());
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    const path = url.replace('/api/v1/', '');
    heard.push(`${init.method} ${path}`);
    return answers(init.method!, path);
  });
});
afterEach(() => vi.unstubAllGlobals());

describe('signing out', () => {
  test('shows nothing any more although the server does not hear it, and says so', async () => {
    await session.signIn('Wang', 'x', '');
    answers = () => Promise.reject(new TypeError('failed'));
    await session.signOut();
    expect(session.state).toBe('signed_out');
    expect(session.session).toBeNull();
    expect(session.stillOpen).toBe(true);
  });
  test('is no trouble when the session had ended', async () => {
    await session.signIn('Wang', 'x', '');
    answers = () => said({}, 401);
    await session.signOut();
    expect(session.stillOpen).toBe(false);
  });
});

describe('the next person', () => {
  test('is recorded after the one before was ended, however late that is', async () => {
    await session.signIn('Wang', 'x', '');
    let ended: (response: Response) => void = () => {};
    answers = (method) =>
      method === 'DELETE' ? new Promise((done) => (ended = done)) : said({ purpose });
    const finishing = session.finishPurpose();
    const setting = session.setPurpose(wish);
    await new Promise((done) => setTimeout(done, 0));
    expect(heard.at(-1)).toBe('DELETE session/purpose');
    ended(new Response(null, { status: 204 }));
    await Promise.all([finishing, setting]);
    expect(heard.at(-1)).toBe('PUT session/purpose');
    expect(session.purpose).toEqual(purpose);
  });
  test('is not the one before again because somebody co-signs', async () => {
    await session.signIn('Wang', 'x', '');
    answers = () => Promise.reject(new TypeError('failed'));
    await session.finishPurpose().catch(() => {});
    answers = () => said(signedIn);
    await session.coSign('Li', 'y', '');
    expect(session.purpose).toBeNull();
  });
});
