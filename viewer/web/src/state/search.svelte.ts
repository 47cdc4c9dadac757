// The search of the present applicant. It outlives the screen, so that going back from a page finds
// the list as it was left, and the reader can walk from hit to hit.

import { api, ApiError, type SearchFilters } from '../api/client';
import type { Hit, SearchAnswer } from '../api/types';
import { inShownOrder, joined, stepped } from '../logic/hits';
import { session } from './session.svelte';

const pageSize = 50;

class SearchState {
  typed = $state('');
  asked = $state('');
  filters: SearchFilters = $state.raw({});
  state: 'idle' | 'busy' | 'done' | 'failed' = $state('idle');
  error: ApiError | null = $state.raw(null);
  hits: Hit[] = $state.raw([]);
  total = $state(0);
  understood = $state('');
  complete = $state(true);
  waiting = $state(0);
  /** Where the next hits are; empty when all are listed. */
  next = $state('');
  selected = $state(0);
  readonly shown: Hit[] = $derived(inShownOrder(this.hits));
  private running: AbortController | null = null;

  ask(): Promise<void> {
    this.filters = {};
    this.asked = this.typed.trim();
    return this.fetch('');
  }

  /** The same once more, after it failed. */
  again(): Promise<void> {
    return this.fetch('');
  }

  filter(change: SearchFilters): Promise<void> {
    this.filters = { ...this.filters, ...change };
    return this.fetch('');
  }

  async more(): Promise<void> {
    if (this.next) await this.fetch(this.next);
  }

  step(by: number): Hit | null {
    this.selected = stepped(this.selected, by, this.shown.length);
    return this.shown[this.selected] ?? null;
  }

  hitOf(page: number): Hit | null {
    return this.hits.find((hit) => hit.page === page) ?? null;
  }

  clear(): void {
    this.running?.abort();
    this.typed = '';
    this.asked = '';
    this.filters = {};
    this.hits = [];
    this.total = 0;
    this.next = '';
    this.waiting = 0;
    this.complete = true;
    this.understood = '';
    this.error = null;
    this.state = 'idle';
  }

  private async fetch(after: string): Promise<void> {
    this.running?.abort();
    if (!this.asked) {
      this.clear();
      return;
    }
    const running = new AbortController();
    this.running = running;
    this.state = 'busy';
    this.error = null;
    try {
      for (let mark = after; ; ) {
        const answer = await api.search(this.asked, mark, pageSize, this.filters, running.signal);
        if (running.signal.aborted) return;
        this.take(answer, mark === '');
        // Of what was found there may be nothing that may be told.
        if (answer.hits.length > 0 || !answer.next) break;
        mark = answer.next;
      }
      this.state = 'done';
    } catch (problem) {
      if (running.signal.aborted) return;
      this.error = problem instanceof ApiError ? problem : new ApiError(0, 'network', '', '');
      if (after === '') this.hits = [];
      this.state = 'failed';
    }
  }

  private take(answer: SearchAnswer, first: boolean): void {
    this.hits = joined(first ? [] : this.hits, answer.hits, (hit) => hit.page);
    this.next = answer.next;
    // What is behind a mark is counted from there.
    const total = first ? answer.total : this.total;
    this.total = answer.next ? Math.max(total, this.hits.length) : this.hits.length;
    this.understood = answer.understood;
    this.complete = answer.complete && (first || this.complete);
    this.waiting = answer.waiting;
    if (first) this.selected = 0;
  }
}

export const search = new SearchState();
session.onForget(() => search.clear());
