// What a screen shows of the server: read when it begins, read again after a change, kept when
// reading it again fails. What was asked for otherwise, by another filter, is no answer to this.

import { ApiError } from '../api/client';

export class Reading<T> {
  value: T | null = $state.raw(null);
  error: ApiError | null = $state.raw(null);
  private stop: AbortController | null = null;

  constructor(private readonly read: (signal: AbortSignal) => Promise<T>) {}

  again(): Promise<void> {
    return this.ask(false);
  }

  private async ask(anew: boolean): Promise<void> {
    this.stop?.abort();
    const stop = new AbortController();
    this.stop = stop;
    try {
      const value = await this.read(stop.signal);
      if (stop.signal.aborted) return;
      this.value = value;
      this.error = null;
    } catch (problem) {
      if (stop.signal.aborted) return;
      this.error = problem instanceof ApiError ? problem : new ApiError(0, 'network', '', '');
      if (anew) this.value = null;
    }
  }

  /** For an effect: reads, and gives up when the screen goes. */
  begin(): () => void {
    void this.ask(true);
    return () => this.stop?.abort();
  }
}
