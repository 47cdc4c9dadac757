// Whether somebody is there. What a screen asks by itself must not keep a session alive that
// nobody uses: the server counts every request as use.

let last = 0;

export function noticeUse(): void {
  for (const name of ['pointerdown', 'keydown', 'wheel'] as const) {
    window.addEventListener(name, () => (last = performance.now()), { passive: true });
  }
}

/** Somebody touched the application within so many seconds, or it has just begun. */
export function somebodyIsThere(withinS: number, now = performance.now()): boolean {
  return now - last < withinS * 1000;
}

/**
 * Typing is use as well, though nothing is asked meanwhile: a long reason must not be lost to a
 * session that ended while it was written. Until the returned function is called.
 */
export function keepAlive(idleS: number, ask: () => Promise<unknown>): () => void {
  const timer = setInterval(() => {
    if (somebodyIsThere(idleS / 2)) ask().catch(() => {}); // the next request says what is wrong
  }, (idleS * 1000) / 3);
  return () => clearInterval(timer);
}
