import { render } from 'svelte/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Finding } from '../src/api/types';

let may = true;
vi.mock('../src/state/session.svelte', () => ({
  session: { may: () => may, onForget: () => {} },
}));
vi.mock('../src/state/words.svelte', () => ({
  t: (key: string, values: Record<string, string> = {}) =>
    [key, ...Object.values(values)].join(' '),
  pick: (words: { zh: string }) => words.zh,
  language: () => 'zh',
  docTypeName: (type: string) => type,
}));

const { ReaderState } = await import('../src/reader/reader_state.svelte');
const { default: FindingsPanel } = await import('../src/reader/FindingsPanel.svelte');
const { default: FindingDecision } = await import('../src/reader/FindingDecision.svelte');

function finding(more: Partial<Finding> = {}): Finding {
  return {
    finding: 7,
    rule: 'X41',
    severity: 'error',
    state: 'open',
    sentence: { zh: '缺第3-4页', en: '' },
    places: [],
    reason: '',
    decided_by: '',
    decided_at: '',
    etag: '"one"',
    ...more,
  };
}
const decided = finding({
  state: 'accepted',
  reason: '原件如此',
  decided_by: '孙工',
  decided_at: '2026-05-06T07:08:09.010+08:00',
  etag: '"two"',
});

/** What the server has, and what it was asked. */
let kept: Finding;
let refused: number;
const asked: { path: string; method: string; etag?: string; body?: string }[] = [];

beforeEach(() => {
  may = true;
  kept = finding();
  refused = 0;
  asked.length = 0;
  vi.stubGlobal('fetch', (url: string, { method, headers, body }: RequestInit) => {
    const path = url.replace('/api/v1/', '');
    const etag = (headers as Record<string, string>)['If-Match'];
    asked.push({ path, method: method!, etag, body: body as string });
    if (method === 'POST' && refused) {
      return Promise.resolve(new Response('{"error": {"code": "changed"}}', { status: refused }));
    }
    if (method === 'POST') kept = decided;
    const report = { findings: [kept], overview: { papers: [], record_contents: [] } };
    const dossier = { number: 3, items: [], pages: [], report };
    return Promise.resolve(new Response(JSON.stringify(method === 'POST' ? kept : dossier)));
  });
});
afterEach(() => vi.unstubAllGlobals());

async function opened() {
  const reader = new ReaderState();
  await reader.openDossier(3, new AbortController().signal);
  return reader;
}
const nothing = () => {};
async function panel(): Promise<string> {
  const reader = await opened();
  return render(FindingsPanel, { props: { reader, onplace: nothing, onpage: nothing } }).body;
}

describe('the panel', () => {
  test('lets who manages records decide, and nobody else', async () => {
    expect(await panel()).toMatch(/<button[^>]*id="decide-7"[^>]*aria-expanded="false"/);
    may = false;
    expect(await panel()).not.toContain('decide');
  });
  test('tells in words what was decided, why and by whom', async () => {
    expect(await panel()).not.toContain('reader.finding_decided');
    kept = decided;
    const shown = await panel();
    expect(shown).toContain('reader.finding_decided reader.finding_accepted');
    expect(shown).toMatch(/原件如此 · 孙工 · .*2026/);
  });
  test('tells that it is open again', async () => {
    kept = { ...decided, state: 'open' };
    expect(await panel()).toContain('reader.finding_decided reader.finding_open');
  });
});

describe('the form', () => {
  const props = { onsave: () => Promise.resolve(), onclose: nothing };
  const choices = (about: Finding) =>
    [
      ...render(FindingDecision, { props: { finding: about, ...props } }).body.matchAll(
        /type="radio"[^>]*value="(\w+)"/g,
      ),
    ].map((found) => found[1]);

  test('opens again what was decided alone', () => {
    expect(choices(finding())).toEqual(['accepted', 'corrected']);
    expect(choices(decided)).toEqual(['accepted', 'corrected', 'open']);
  });
  test('wants a reason, under a label', () => {
    const { body } = render(FindingDecision, { props: { finding: finding(), ...props } });
    const box = body.match(/<textarea[^>]*id="([^"]+)"[^>]*required/);
    expect(body).toContain(`for="${box?.[1]}"`);
  });
});

describe('a decision', () => {
  test('is about the finding as it was shown, and is seen in the dossier', async () => {
    const reader = await opened();
    await reader.decideFinding(reader.dossier!.report.findings[0]!, 'accepted', '原件如此');
    expect(asked[1]).toEqual({
      path: 'findings/7/decision',
      method: 'POST',
      etag: '"one"',
      body: '{"state":"accepted","reason":"原件如此"}',
    });
    expect(asked.map(({ path }) => path)).toEqual([
      'dossiers/3',
      'findings/7/decision',
      'dossiers/3',
    ]);
    expect(reader.dossier?.report.findings[0]?.state).toBe('accepted');
  });
  test.each([
    [412, '"two"'],
    [400, '"one"'],
  ])('that is refused with %i is said, and then shown is %s', async (status, etag) => {
    const reader = await opened();
    refused = status;
    kept = decided; // by somebody else, meanwhile
    const [shown] = reader.dossier!.report.findings;
    const said = reader.decideFinding(shown!, 'corrected', '已补');
    await expect(said).rejects.toMatchObject({ status });
    expect(reader.dossier!.report.findings[0]?.etag).toBe(etag);
  });
});
