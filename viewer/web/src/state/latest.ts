// Of requests for one list only the latest may answer: whoever asks again, or for the rest of
// another list, has the one before stopped.

export class Latest {
  private stop: AbortController | null = null;

  /** For the request that begins now; what was asked before is over. */
  begin(): AbortSignal {
    this.end();
    this.stop = new AbortController();
    return this.stop.signal;
  }

  end(): void {
    this.stop?.abort();
    this.stop = null;
  }
}
