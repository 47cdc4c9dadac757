// The search of the present applicant. It outlives the screen, so that going back from a page finds
// the list as it was left, and the reader can walk from hit to hit.

import { api, ApiError, type SearchFilters } from '../api/client';
import type { Hit } from '../api/types';
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
  selected = $state(0);
  readonly shown: Hit[] = $derived(inShownOrder(this.hits));
  private running: AbortController | null = null;

  ask(): Promise<void> {
    this.filters = {};
    this.asked = this.typed.trim();
    return this.fetch(0);
  }

  filter(change: SearchFilters): Promise<void> {
    this.filters = { ...this.filters, ...change };
    return this.fetch(0);
  }

  more(): Promise<void> {
    return this.fetch(this.hits.length);
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
    this.understood = '';
    this.error = null;
    this.state = 'idle';
  }

  private async fetch(offset: number): Promise<void> {
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
      const answer = await api.search(this.asked, offset, pageSize, this.filters, running.signal);
      this.hits = joined(offset === 0 ? [] : this.hits, answer.hits, (hit) => hit.page);
      this.total = answer.total;
      this.understood = answer.understood;
      this.complete = answer.complete;
      if (offset === 0) this.selected = 0;
      this.state = 'done';
    } catch (problem) {
      if (running.signal.aborted) return;
      this.error = problem instanceof ApiError ? problem : new ApiError(0, 'network', '', '');
      if (offset === 0) this.hits = [];
      this.state = 'failed';
    }
  }
}

export const search = new SearchState();
session.onForget(() => search.clear());
