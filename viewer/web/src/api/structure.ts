// The structure of a dossier put right (docs/API.md, "Structure").

import type { Decision, Wish } from '../logic/repair';
import { call, callRaw } from './client';

/** What the server takes in one piece. */
const pieceBytes = 512 * 1024;

export interface Look {
  before: LookedItem[];
  after: LookedItem[];
}

export interface LookedItem {
  sequence: number;
  doc_type: string;
  title: string;
  pages: number[];
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const structureApi = {
  decisions: (dossier: number, signal?: AbortSignal) =>
    call<{ etag: string; arrangements: Decision[] }>(
      'GET',
      `dossiers/${dossier}/arrangements`,
      undefined,
      signal,
    ),
  look: (dossier: number, wish: Wish, etag: string, signal?: AbortSignal) =>
    call<Look>('POST', `dossiers/${dossier}/arrangements`, { ...wish, look: true }, signal, etag),
  decide: (dossier: number, wish: Wish, reason: string, scan: string | null, etag: string) =>
    call<Decision>(
      'POST',
      `dossiers/${dossier}/arrangements`,
      { ...wish, reason, ...(scan ? { scan } : {}) },
      undefined,
      etag,
    ),
  undo: (dossier: number, decision: number, reason: string, etag: string) =>
    call<Decision>(
      'POST',
      `dossiers/${dossier}/arrangements/${decision}/undo`,
      { reason },
      undefined,
      etag,
    ),
  /** Brings a scan piece by piece; its name on the server's tray. */
  bring: async (file: File, progress: (share: number) => void): Promise<string> => {
    const bytes = await file.arrayBuffer();
    const begun = await call<{ scan: string }>('POST', 'scans', {
      name: file.name,
      size: bytes.byteLength,
      sha256: await sha256(bytes),
    });
    for (let at = 0; at < bytes.byteLength; at += pieceBytes) {
      await callRaw(
        'PUT',
        `scans/${begun.scan}?offset=${at}`,
        new Blob([bytes.slice(at, at + pieceBytes)]),
      );
      progress(Math.min(1, (at + pieceBytes) / bytes.byteLength));
    }
    return begun.scan;
  },
};
