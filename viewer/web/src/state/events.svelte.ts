// What the server tells by itself. One stream for the whole application while somebody is signed
// in and a screen listens; whoever cannot have one asks every few seconds.

import type { Batch } from '../api/types';

export interface Told {
  batches: { batches: Batch[] };
  alarms: { alarms: number; new: number };
}

type Listener = (type: keyof Told, data: Told[keyof Told]) => void;

class ServerEvents {
  /** Whether the stream is there, so that nobody need ask. */
  live = $state(false);
  private source: EventSource | null = null;
  private readonly listeners = new Set<Listener>();

  /** Told of every event until the returned function is called. */
  listen<Type extends keyof Told>(type: Type, told: (data: Told[Type]) => void): () => void {
    const listener: Listener = (what, data) => {
      if (what === type) told(data as Told[Type]);
    };
    this.listeners.add(listener);
    this.open();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.close();
    };
  }

  private open(): void {
    if (this.source || typeof EventSource === 'undefined') return;
    const source = new EventSource('/api/v1/events');
    this.source = source;
    source.onopen = () => (this.live = true);
    // The browser tries again by itself, unless the server refused.
    source.onerror = () => {
      this.live = false;
      if (source.readyState === EventSource.CLOSED) this.close();
    };
    for (const type of ['batches', 'alarms'] as const) {
      source.addEventListener(type, (event: MessageEvent<string>) => {
        const data = JSON.parse(event.data) as Told[typeof type];
        for (const listener of [...this.listeners]) listener(type, data);
      });
    }
  }

  private close(): void {
    this.source?.close();
    this.source = null;
    this.live = false;
  }
}

export const serverEvents = new ServerEvents();
