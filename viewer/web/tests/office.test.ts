import { webcrypto } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { ApiError } from '../src/api/client';
import type { Unit, UploadState, Users } from '../src/api/office_types';
import { filterCount, noFilter, objectPath } from '../src/logic/audit';
import { barsOf, roundUp } from '../src/logic/bars';
import { paperShares } from '../src/logic/board';
import { formatBytes } from '../src/logic/format';
import { bodyOf, lacking, valuesAtFirst, type FormField } from '../src/logic/forms';
import { postsAllowed, treeOf, unitNames } from '../src/logic/organisation';
import {
  apartFrom,
  batchOf,
  filesOf,
  nameIn,
  namesBelow,
  sendFile,
  sha256Of,
} from '../src/logic/uploading';

// Browsers have it, and Node from 19 on.
vi.stubGlobal('crypto', webcrypto);

describe('forms', () => {
  const fields: FormField[] = [
    { key: 'dossier', label: '', required: true },
    { key: 'item', label: '', kind: 'number' },
    { key: 'reason', label: '', kind: 'reason', required: true, least: 2 },
    { key: 'posts', label: '', kind: 'choices', value: 'indexer|approver' },
    { key: 'password', label: '', kind: 'password' },
  ];
  test('begin with what is known', () => {
    expect(valuesAtFirst(fields).posts).toBe('indexer|approver');
  });
  test('say what is lacking', () => {
    expect(lacking(fields, { dossier: ' ', item: '', reason: '短', posts: '' })).toEqual([
      'dossier',
      'reason',
    ]);
    expect(lacking(fields, { dossier: '3', item: 'x', reason: '核对' })).toEqual(['item']);
    expect(lacking(fields, { dossier: '3', item: '2', reason: '核对' })).toEqual([]);
  });
  test('send numbers as numbers, choices as lists, and nothing that is empty', () => {
    expect(
      bodyOf(fields, {
        dossier: ' SB-1 ',
        item: '2',
        reason: '',
        posts: 'indexer|approver',
        password: ' with blanks ',
      }),
    ).toEqual({
      dossier: 'SB-1',
      item: 2,
      posts: ['indexer', 'approver'],
      password: ' with blanks ',
    });
  });
});

describe('bars', () => {
  test('show days on which nothing came', () => {
    const bars = barsOf(
      [
        { day: '2026-02-27', parts: [3, 1] },
        { day: '2026-03-01', parts: [2, 0] },
      ],
      '2026-03-02',
    );
    expect(bars.map((bar) => [bar.at, bar.parts])).toEqual([
      ['2026-02-27', [3, 1]],
      ['2026-02-28', [0, 0]],
      ['2026-03-01', [2, 0]],
      ['2026-03-02', [0, 0]],
    ]);
  });
  test('become weeks when there are too many days', () => {
    const bars = barsOf([{ day: '2026-01-01', parts: [1] }, { day: '2026-01-08', parts: [2] }], '2026-04-01');
    expect(bars[0]).toEqual({ at: '2026-01-01', parts: [1] });
    expect(bars[1]).toEqual({ at: '2026-01-08', parts: [2] });
    expect(bars).toHaveLength(13);
  });
  test('end at round numbers', () => {
    expect([0, 1, 3, 7, 20, 21, 480].map(roundUp)).toEqual([1, 1, 5, 10, 20, 50, 500]);
  });
  test('none without rows', () => expect(barsOf([], '2026-01-01')).toEqual([]));
});

describe('the audit list', () => {
  test('leads to what an entry is about', () => {
    expect(objectPath('page 12')).toBe('/pages/12');
    expect(objectPath('dossier 3')).toBe('/dossiers/3');
    expect(objectPath('loan 3')).toBeNull();
    expect(objectPath('page 0')).toBeNull();
    expect(objectPath('page 1/../2')).toBeNull();
  });
  test('counts what narrows it', () => {
    expect(filterCount(noFilter)).toBe(0);
    expect(filterCount({ ...noFilter, who: '王', kind: 'access' })).toBe(2);
  });
});

describe('the organisation', () => {
  const unit = (number: number, parent: number, name: string, ended = ''): Unit => ({
    unit: number,
    parent,
    name,
    family: 'agency',
    made_at: '',
    ended_at: ended,
  });
  const units = [unit(1, 0, '局'), unit(2, 1, '档案科'), unit(3, 0, '中心'), unit(4, 1, '旧科', 'x')];
  test('is a tree without what ended', () => {
    expect(treeOf(units).map((row) => [row.name, row.depth])).toEqual([
      ['局', 0],
      ['档案科', 1],
      ['中心', 0],
    ]);
  });
  test('names units by those above', () => {
    expect(unitNames(units).get(2)).toBe('局 / 档案科');
  });
  test('lets a family hold its posts only', () => {
    const posts = [
      { post: 'indexer', zh: '', en: '', rights: [], contractor: true },
      { post: 'technician', zh: '', en: '', rights: [], contractor: false },
    ];
    const families: Users['families'] = [
      { family: 'information', zh: '', en: '', posts: ['technician'], parent_of_any: false },
    ];
    expect(postsAllowed(posts, families, 'information', false)).toEqual(['technician']);
    expect(postsAllowed(posts, families, '', false)).toEqual(['indexer', 'technician']);
    expect(postsAllowed(posts, families, '', true)).toEqual(['indexer']);
  });
});

describe('must-have papers', () => {
  test('the worst first, and nothing of what there is none', () => {
    expect(paperShares({ usable: 3, unreadable: 0, absent: 1 })).toEqual([
      { state: 'absent', count: 1 },
      { state: 'usable', count: 3 },
    ]);
    expect(paperShares(undefined)).toEqual([]);
  });
});

describe('sizes', () => {
  test('in units that people read', () => {
    expect([0, 1023, 1536, 5 << 20].map((size) => formatBytes(size, 'en'))).toEqual([
      '0 B',
      '1,023 B',
      '1.5 KiB',
      '5 MiB',
    ]);
  });
});

describe('uploading', () => {
  test('a folder that was dropped is the batch', () => {
    expect(nameIn('/box-7//a/1.tif')).toBe('box-7/a/1.tif');
    expect(batchOf(['box-7/1.tif', 'box-7/2.tif'], '2026-03-01')).toBe('box-7');
    expect(batchOf(['1.tif', '2.tif'], '2026-03-01')).toBe('scan-2026-03-01');
    expect(batchOf(['a/1.tif', 'b/2.tif'], '2026-03-01')).toBe('scan-2026-03-01');
    expect(namesBelow(['box-7/a/1.tif', 'box-7/2.tif'], 'box-7')).toEqual(['a/1.tif', '2.tif']);
  });
  test('a second file of a name is left out and told, also within one choice', () => {
    const offered = ['2.tif', '1.tif', '2.tif', '3.tif'].map((name, at) => ({ name, at }));
    const { fresh, leftOut } = apartFrom([{ name: '3.tif' }], offered);
    expect(fresh).toEqual([
      { name: '2.tif', at: 0 },
      { name: '1.tif', at: 1 },
    ]);
    expect(leftOut).toEqual([
      { name: '2.tif', why: 'same_name' },
      { name: '3.tif', why: 'same_name' },
    ]);
  });

  const dropped = (name: string, readable = true) =>
    ({
      name,
      isFile: true,
      file: (done: (file: File) => void, fail: (error: Error) => void) =>
        readable ? done({ name } as File) : fail(new Error('no right')),
    }) as unknown as FileSystemEntry;
  /** A folder as a browser gives it: so many entries at a time, and then none. */
  const folder = (name: string, entries: FileSystemEntry[], failsAt = Infinity) =>
    ({
      name,
      isFile: false,
      createReader: () => {
        let at = 0;
        return {
          readEntries: (
            done: (some: FileSystemEntry[]) => void,
            fail: (error: Error) => void,
          ) => {
            if (at >= failsAt) return fail(new Error('gone'));
            const some = entries.slice(at, at + 2);
            at += some.length;
            done(some);
          },
        };
      },
    }) as unknown as FileSystemEntry;

  test('what a browser cannot read of a drop is told and keeps no other file away', async () => {
    const box = folder('box', [
      dropped('1.tif'),
      dropped('2.tif', false),
      folder('a', [dropped('3.tif'), dropped('4.tif'), dropped('5.tif')], 2),
      folder('b', [dropped('6.tif')]),
      dropped('7.tif'),
    ]);
    const { files, leftOut } = await filesOf(box);
    expect(files.map((one) => one.path)).toEqual(['box/1.tif', 'box/b/6.tif', 'box/7.tif']);
    expect(leftOut).toEqual([
      { name: 'box/2.tif', why: 'unreadable' },
      { name: 'box/a', why: 'unreadable' },
    ]);
  });

  test('hashes as everybody does', async () => {
    const bytes = new TextEncoder().encode('abc');
    expect(await sha256Of(bytes.buffer as ArrayBuffer)).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  /** A server that keeps bytes; `trouble` is asked before each piece. */
  function server(size: number, trouble: (piece: number) => 'lost' | 'down' | Error | null) {
    let kept = '';
    let pieces = 0;
    const state = (): UploadState => ({
      id: 'x',
      batch: 'b',
      name: 'n',
      size,
      sha256: '',
      received: kept.length,
      begun_at: '',
      state: kept.length === size ? 'accepted' : 'receiving',
    });
    return {
      kept: () => kept,
      begin: async () => state(),
      append: async (_id: string, offset: number, piece: Blob) => {
        const what = trouble(++pieces);
        if (what instanceof Error) throw what;
        if (what === 'down') throw new ApiError(0, 'network', '', '');
        if (offset !== kept.length) throw new ApiError(409, 'upload_offset', '', '');
        kept += await piece.text();
        if (what === 'lost') throw new ApiError(0, 'timeout', '', '');
        return state();
      },
    };
  }
  const still = async () => {};

  test('goes on where it stopped, whether the piece or its answer was lost', async () => {
    const text = '0123456789abcdef';
    const there = server(text.length, (piece) =>
      piece === 2 ? 'lost' : piece === 4 ? 'down' : null,
    );
    const seen: number[] = [];
    await sendFile(there, 'b', 'n', new Blob([text]), '', 5, (sent) => seen.push(sent), still);
    expect(there.kept()).toBe(text);
    expect(seen.at(-1)).toBe(text.length);
  });
  test('goes on after a while in which nothing at all went through', async () => {
    const there = server(10, (piece) => (piece === 2 ? 'down' : null));
    let out = 0;
    const begin = async () => {
      if (out-- > 0) throw new ApiError(0, 'network', '', '');
      return there.begin();
    };
    const append = (id: string, offset: number, piece: Blob) =>
      there.append(id, offset, piece).catch((problem: unknown) => {
        out = 2;
        throw problem;
      });
    await sendFile(
      { begin, append },
      'b',
      'n',
      new Blob(['0123456789']),
      '',
      5,
      () => {},
      still,
    );
    expect(there.kept()).toBe('0123456789');
  });
  test('gives up on what the server refuses for good', async () => {
    const there = server(10, () => new ApiError(422, 'upload_hash', '', ''));
    const sending = sendFile(there, 'b', 'n', new Blob(['0123456789']), '', 5, () => {}, still);
    await expect(sending).rejects.toMatchObject({ code: 'upload_hash' });
  });
  test('gives up when nothing goes through', async () => {
    const there = server(10, () => 'down');
    const sending = sendFile(there, 'b', 'n', new Blob(['0123456789']), '', 5, () => {}, still);
    await expect(sending).rejects.toMatchObject({ code: 'network' });
  });
});
