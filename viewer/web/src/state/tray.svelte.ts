// Files on their way to the server. They outlive the screen: who looks at another one meanwhile
// finds them again, and sending goes on.

import { ApiError } from '../api/client';
import { office } from '../api/office';
import { today } from '../logic/clock';
import { formatBytes } from '../logic/format';
import {
  apartFrom,
  batchOf,
  nameIn,
  namesBelow,
  sendFile,
  sha256Of,
  type LeftOut,
  type Offered,
  type Sending,
} from '../logic/uploading';
import { o } from './office_words.svelte';
import { Reading } from './reading.svelte';
import { session } from './session.svelte';
import { errorText, language } from './words.svelte';

const pieceBytes = 1 << 20;

class Tray {
  batch = $state('');
  list = $state<Sending[]>([]);
  leftOut: LeftOut[] = $state.raw([]);
  /** Sending, or handing over. */
  busy = $state(false);
  said = $state('');
  problem = $state('');
  readonly known = new Reading((signal) => office.uploads(signal));
  readonly limits = $derived(this.known.value?.limits);
  private stop = new AbortController();

  add(files: readonly Offered[]): void {
    if (files.length === 0) return;
    const paths = files.map((one) => nameIn(one.path));
    if (!this.batch.trim()) this.batch = batchOf(paths, today());
    const names = namesBelow(paths, this.batch);
    const named = files.map(({ file }, i) => ({ file, name: names[i] ?? file.name }));
    const sorted = apartFrom(this.list, named);
    const fresh = sorted.fresh.map((one): Sending => ({
      ...one,
      state: 'waiting',
      sent: 0,
      error: null,
    }));
    this.list = [...this.list, ...fresh].sort((a, b) =>
      a.name.localeCompare(b.name, 'zh', { numeric: true }),
    );
    this.leaveOut(sorted.leftOut);
  }

  leaveOut(more: readonly LeftOut[]): void {
    this.leftOut = [...this.leftOut, ...more];
  }

  clear(): void {
    this.list = [];
    this.leftOut = [];
  }

  /** Of whoever was signed in nothing stays, and nothing is sent any more. */
  forget(): void {
    this.stop.abort();
    this.stop = new AbortController();
    this.clear();
    this.batch = this.said = this.problem = '';
    this.busy = false;
    this.known.value = null;
  }

  async sendAll(): Promise<void> {
    const { signal } = this.stop;
    this.busy = true;
    this.said = '';
    for (const one of this.list) {
      if (signal.aborted) return;
      if (one.state !== 'accepted') await this.send(one, signal);
    }
    if (signal.aborted) return;
    this.busy = false;
    await this.known.again();
  }

  private async send(one: Sending, signal: AbortSignal): Promise<void> {
    one.error = null;
    try {
      const most = this.limits?.file_bytes_max;
      if (most !== undefined && one.file.size > most) {
        const text = o('upload.too_large', { most: formatBytes(most, language()) });
        throw new ApiError(413, 'upload_size', text, text);
      }
      one.state = 'hashing';
      const sha256 = await sha256Of(await one.file.arrayBuffer());
      one.state = 'sending';
      await sendFile(
        {
          begin: (values) => office.beginUpload(values, signal),
          append: (id, offset, piece) => office.appendUpload(id, offset, piece, signal),
        },
        this.batch.trim(),
        one.name,
        one.file,
        sha256,
        Math.min(this.limits?.piece_bytes_max ?? pieceBytes, pieceBytes),
        (sent) => (one.sent = sent),
      );
      one.state = 'accepted';
    } catch (trouble) {
      one.state = 'failed';
      one.error = asApiError(trouble);
    }
  }

  /** What was sent here, once and for all. */
  async handOver(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = '';
    try {
      await this.deliver(this.batch.trim(), this.list.length);
    } catch (trouble) {
      this.problem = errorText(asApiError(trouble));
    } finally {
      this.busy = false;
    }
  }

  async deliver(batch: string, files: number): Promise<void> {
    await office.handOver(batch, files);
    this.said = o('upload.handed_over', { batch, n: files });
    if (batch === this.batch.trim()) {
      this.clear();
      this.batch = '';
    }
    await this.known.again();
  }
}

function asApiError(trouble: unknown): ApiError {
  if (trouble instanceof ApiError) return trouble;
  // The browser's own word for a file that went away or was changed since it was chosen.
  if (!(trouble instanceof DOMException)) return new ApiError(0, 'network', '', '');
  const text = o('upload.unreadable');
  return new ApiError(0, 'unreadable', text, text);
}

export const tray = new Tray();
session.onForget(() => tray.forget());
