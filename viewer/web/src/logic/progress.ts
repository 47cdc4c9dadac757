// How fast a batch comes in, from counts seen at several times.

export interface Sample {
  /** Milliseconds of any clock that only goes on. */
  at: number;
  done: number;
}

const windowMs = 5 * 60_000;
const leastMs = 4_000;

/** The samples with one more; those that are too old to say anything are dropped. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  return [...samples.filter((s) => sample.at - s.at <= windowMs), sample];
}

/** Pages a minute; nothing while too little was seen. */
export function ratePerMinute(samples: readonly Sample[]): number | null {
  const first = samples[0];
  const last = samples[samples.length - 1];
  if (!first || !last || last.at - first.at < leastMs) return null;
  return ((last.done - first.done) * 60_000) / (last.at - first.at);
}

/** Minutes until `whole` pages are done at this rate; nothing when it does not move. */
export function minutesLeft(done: number, whole: number, rate: number | null): number | null {
  if (!rate || rate <= 0 || whole <= done) return null;
  return (whole - done) / rate;
}

/** Shares of a bar, in per cent, that never add up to more than the bar. */
export function shares(filed: number, setAside: number, whole: number): [number, number] {
  const total = Math.max(whole, filed + setAside, 1);
  return [(100 * filed) / total, (100 * setAside) / total];
}
