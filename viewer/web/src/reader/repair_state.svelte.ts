// The repair of a dossier's structure while somebody is at it: what is chosen, what is wished.

import { ApiError } from '../api/client';
import { structureApi, type Look } from '../api/structure';
import {
  canLook,
  inOrder,
  moveWish,
  needsScan,
  rangeOf,
  type Decision,
  type Wish,
} from '../logic/repair';
import type { ReaderState } from './reader_state.svelte';

function asApiError(problem: unknown): ApiError {
  return problem instanceof ApiError ? problem : new ApiError(0, 'network', '', '');
}

export class RepairState {
  chosen: ReadonlySet<number> = $state.raw(new Set<number>());
  /** Pages that wait for their new place. */
  moving: number[] | null = $state.raw(null);
  wish: Wish | null = $state.raw(null);
  look: Look | null = $state.raw(null);
  retyping: 'page' | 'item' | null = $state(null);
  reason = $state('');
  file: File | null = $state.raw(null);
  sent = $state(0);
  busy = $state(false);
  error: ApiError | null = $state.raw(null);
  decisions: Decision[] = $state.raw([]);
  /** What was done last, for whoever hears the screen read. */
  done = $state('');
  private anchor = 0;

  constructor(readonly reader: ReaderState) {}

  private get order(): number[] {
    return this.reader.pages.map((page) => page.page);
  }

  /** The pages a decision is about: those that are chosen, else the one that is shown. */
  get pages(): number[] {
    const chosen = inOrder(this.order, this.chosen);
    return chosen.length > 0 ? chosen : this.reader.number ? [this.reader.number] : [];
  }

  toggle(page: number): void {
    const next = new Set(this.chosen);
    if (!next.delete(page)) next.add(page);
    this.chosen = next;
    this.anchor = page;
  }

  /** From where choosing began to this page. */
  extendTo(page: number): void {
    if (this.chosen.size === 0 || this.anchor === 0) this.anchor = this.reader.number;
    this.chosen = new Set(rangeOf(this.order, this.anchor, page));
  }

  clear(): void {
    this.chosen = new Set();
    this.anchor = 0;
  }

  beginMoving(): void {
    this.cancel();
    this.moving = this.pages;
  }

  placeBeside(page: number, side: 'before' | 'after'): void {
    if (!this.moving) return;
    const wish = moveWish(this.moving, page, side);
    if (!wish) return;
    this.moving = null;
    this.propose(wish);
  }

  propose(wish: Wish | null): void {
    this.moving = null;
    this.retyping = null;
    this.look = null;
    this.error = null;
    this.file = null;
    this.sent = 0;
    this.wish = wish;
    if (wish && canLook(wish)) void this.lookAt(wish);
  }

  private async lookAt(wish: Wish): Promise<void> {
    const { dossier } = this.reader;
    if (!dossier) return;
    try {
      const look = await structureApi.look(dossier.number, wish, dossier.etag);
      if (this.wish === wish) this.look = look;
    } catch (problem) {
      if (this.wish === wish) this.error = asApiError(problem);
    }
  }

  cancel(): void {
    this.propose(null);
  }

  /** Whether something is under way that Esc ends before it leaves the repair. */
  get busyWithSomething(): boolean {
    return this.wish !== null || this.moving !== null || this.retyping !== null;
  }

  async loadDecisions(): Promise<void> {
    const { dossier } = this.reader;
    if (!dossier) return;
    try {
      this.decisions = (await structureApi.decisions(dossier.number)).arrangements.reverse();
    } catch (problem) {
      this.error = asApiError(problem);
    }
  }

  /** Whether it was done. */
  async decide(): Promise<boolean> {
    const { wish, file } = this;
    const { dossier } = this.reader;
    if (!wish || !dossier || (needsScan(wish) && !file)) return false;
    return this.run(async () => {
      const scan =
        file && needsScan(wish)
          ? await structureApi.bring(file, (share) => (this.sent = share))
          : null;
      await structureApi.decide(dossier.number, wish, this.reason.trim(), scan, dossier.etag);
      this.cancel();
      this.clear();
    });
  }

  async undo(decision: Decision, reason: string): Promise<boolean> {
    const { dossier } = this.reader;
    if (!dossier) return false;
    return this.run(async () => {
      await structureApi.undo(dossier.number, decision.arrangement, reason, dossier.etag);
    });
  }

  private async lookAnew(): Promise<void> {
    this.look = null;
    await Promise.all([this.reader.refresh(), this.loadDecisions()]);
    const { wish } = this;
    if (wish && canLook(wish)) await this.lookAt(wish);
  }

  private async run(what: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    this.error = null;
    try {
      await what();
      await Promise.all([this.reader.refresh(), this.loadDecisions()]);
      return true;
    } catch (problem) {
      this.error = asApiError(problem);
      // Somebody else was quicker: what is shown, and what the wish would do, is old.
      if (this.error.status === 412) await this.lookAnew();
      return false;
    } finally {
      this.busy = false;
    }
  }
}
