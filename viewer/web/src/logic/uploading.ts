// Sending files to the server, piece by piece, going on where it stopped (R41).

import { ApiError } from '../api/client';
import type { UploadState } from '../api/office_types';

export interface Sender {
  begin(values: {
    batch: string;
    name: string;
    size: number;
    sha256: string;
  }): Promise<UploadState>;
  append(id: string, offset: number, piece: Blob): Promise<UploadState>;
}

export type SendState = 'waiting' | 'hashing' | 'sending' | 'accepted' | 'failed';

export interface Sending {
  file: File;
  name: string;
  state: SendState;
  sent: number;
  error: ApiError | null;
}

/** Names of a folder that was dropped keep its sub-folders; its own name is the batch's. */
export function nameIn(path: string): string {
  return path.replace(/^\/+/, '').split('/').filter(Boolean).join('/');
}

/** A batch's name for files that bring none. */
export function batchOf(paths: readonly string[], today: string): string {
  const tops = new Set(paths.map((path) => (path.includes('/') ? path.split('/')[0] : '')));
  const [top] = tops;
  return tops.size === 1 && top ? top : `scan-${today}`;
}

/** The names below the batch: without the top folder where it became the batch's name. */
export function namesBelow(paths: readonly string[], batch: string): string[] {
  return paths.map((path) =>
    path.startsWith(`${batch}/`) ? path.slice(batch.length + 1) : path,
  );
}

export interface Offered {
  file: File;
  path: string;
}

/** What was offered and did not come in, and why. */
export interface LeftOut {
  name: string;
  why: 'same_name' | 'unreadable';
}

/** A name is one file of a batch: a second one of it is left out, whatever its bytes. */
export function apartFrom<T extends { name: string }>(
  have: readonly { name: string }[],
  offered: readonly T[],
): { fresh: T[]; leftOut: LeftOut[] } {
  const names = new Set(have.map((one) => one.name));
  const fresh: T[] = [];
  const leftOut: LeftOut[] = [];
  for (const one of offered) {
    if (names.has(one.name)) {
      leftOut.push({ name: one.name, why: 'same_name' });
      continue;
    }
    names.add(one.name);
    fresh.push(one);
  }
  return { fresh, leftOut };
}

async function entriesIn(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    // A browser gives a hundred at a time.
    const some = await new Promise<FileSystemEntry[]>((done, fail) =>
      reader.readEntries(done, fail),
    );
    if (some.length === 0) return found;
    found.push(...some);
  }
}

/** All files of what was dropped. What cannot be read is left out, and keeps no other away. */
export async function filesOf(
  entry: FileSystemEntry,
  above = '',
): Promise<{ files: Offered[]; leftOut: LeftOut[] }> {
  const path = above + entry.name;
  try {
    if (entry.isFile) {
      const file = await new Promise<File>((done, fail) =>
        (entry as FileSystemFileEntry).file(done, fail),
      );
      return { files: [{ file, path }], leftOut: [] };
    }
    const parts: { files: Offered[]; leftOut: LeftOut[] }[] = [];
    for (const one of await entriesIn(entry as FileSystemDirectoryEntry)) {
      parts.push(await filesOf(one, `${path}/`));
    }
    return {
      files: parts.flatMap((part) => part.files),
      leftOut: parts.flatMap((part) => part.leftOut),
    };
  } catch {
    return { files: [], leftOut: [{ name: path, why: 'unreadable' }] };
  }
}

export async function sha256Of(bytes: ArrayBuffer): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const triesMost = 5;

/**
 * Sends one file. An answer that was lost is no harm: the server says where to go on. What the
 * server refuses for good is thrown, and what does not go through several times.
 */
export async function sendFile(
  sender: Sender,
  batch: string,
  name: string,
  file: Blob,
  sha256: string,
  pieceBytes: number,
  progress: (sent: number) => void,
  pause: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
): Promise<void> {
  let state: UploadState | null = null;
  let failures = 0;
  while (state?.state !== 'accepted') {
    try {
      if (!state) {
        state = await sender.begin({ batch, name, size: file.size, sha256 });
        progress(state.received);
        continue;
      }
      const piece = file.slice(state.received, state.received + pieceBytes);
      state = await sender.append(state.id, state.received, piece);
      progress(state.received);
      failures = 0;
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem;
      const passing =
        problem.status === 0 || problem.status >= 500 || problem.code === 'upload_offset';
      if (!passing || ++failures >= triesMost) throw problem;
      if (problem.code !== 'upload_offset') await pause(500 * 2 ** failures);
      state = null;
    }
  }
  progress(file.size);
}
