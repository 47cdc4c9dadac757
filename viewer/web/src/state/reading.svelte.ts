// What a screen shows of the server: read when it begins, read again after a change, kept when
// reading it again fails.

import { ApiError } from '../api/client';

export class Reading<T> {
  value: T | null = $state.raw(null);
  error: ApiError | null = $state.raw(null);
  private stop: AbortController | null = null;

  constructor(private readonly read: (signal: AbortSignal) => Promise<T>) {}

  async again(): Promise<void> {
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
    }
  }

  /** For an effect: reads, and gives up when the screen goes. */
  begin(): () => void {
    void this.again();
    return () => this.stop?.abort();
  }
}
