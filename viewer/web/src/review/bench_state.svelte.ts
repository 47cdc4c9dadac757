// What a reviewer works through: tasks that are theirs for a while, what was said last, what is
// still on its way. The next task is there before the last one is answered.

import { api, ApiError } from '../api/client';
import type { ReviewScope, ReviewTask } from '../api/types';
import { taskKey } from '../logic/review';
import { errorText, t } from '../state/words.svelte';
import { Snippets } from './snippets';

const claimed = 10;
const refillBelow = 6;
const prefetched = 6;
/** Pictures may still be on the screen when somebody leaves. */
const picturesStayMs = 2_000;
const settledElsewhere = new Set([404, 409, 412]);

export type Said =
  | { action: 'confirm' }
  | { action: 'correct' | 'key' | 'decide'; value: string }
  | { action: 'unreadable'; reason: string };

let leaving: Promise<void> = Promise.resolve();

export class Bench {
  tasks: readonly ReviewTask[] = $state.raw([]);
  left = $state(0);
  done = $state(0);
  text = $state('');
  touched = $state(false);
  /** The next ones are being fetched. */
  busy = $state(true);
  error: ApiError | null = $state.raw(null);
  /** What became of the last one, for people who do not see the screen as well. */
  notice: { kind: 'error' | 'info'; text: string } | null = $state.raw(null);
  readonly snippets = new Snippets();

  private readonly said: ReviewTask[] = [];
  /** Sent and not yet answered, or answered: the server may list them once more. */
  private readonly away = new Set<string>();
  private readonly drafts = new Map<string, string>();
  private sending: Promise<void> = Promise.resolve();
  private filling: Promise<void> | null = null;
  private over = false;

  constructor(readonly scope: ReviewScope) {}

  get task(): ReviewTask | null {
    return this.tasks[0] ?? null;
  }

  start(): void {
    void this.fill();
  }

  stop(): void {
    this.over = true;
    setTimeout(() => this.snippets.clear(), picturesStayMs);
    // The next bench takes nothing before this one has given its tasks back.
    leaving = this.sending.then(() => api.leaveBench()).catch(() => {});
  }

  fill(): Promise<void> {
    this.busy = true;
    this.filling ??= this.claim().finally(() => {
      this.filling = null;
      this.busy = false;
    });
    return this.filling;
  }

  private async claim(): Promise<void> {
    // What is on its way is not done yet for the server, and would count as left.
    if (this.tasks.length === 0) await this.sending;
    await leaving;
    const awayBefore = this.waiting;
    try {
      const wanted = claimed + this.tasks.length + this.waiting;
      const { left, tasks } = await api.claim(this.scope, wanted);
      if (this.over) return;
      const known = new Set(this.tasks.map(taskKey));
      const fresh = tasks.filter(
        (task) => !known.has(taskKey(task)) && !this.away.has(taskKey(task)),
      );
      const first = this.tasks.length === 0;
      this.tasks = [...this.tasks, ...fresh];
      this.left = Math.max(left - awayBefore, this.tasks.length);
      this.error = null;
      if (first) this.begin();
      this.snippets.prefetch(this.tasks.slice(0, prefetched));
      // All of them were on their way still; what was not is never asked for in a circle.
      if (this.tasks.length === 0 && tasks.length > 0 && awayBefore > 0) await this.claim();
    } catch (problem) {
      if (this.over) return;
      this.error = asApiError(problem);
    }
  }

  private waiting = 0;

  /** Puts the present task into the box. */
  private begin(): void {
    const task = this.task;
    const draft = task ? this.drafts.get(taskKey(task)) : undefined;
    // What is no value of its kind is there as it is printed.
    this.text = draft ?? (task?.value || task?.raw || '');
    this.touched = draft !== undefined;
    if (task) this.drafts.delete(taskKey(task));
  }

  private next(): ReviewTask | null {
    const task = this.task;
    if (!task) return null;
    this.tasks = this.tasks.slice(1);
    this.away.add(taskKey(task));
    this.left = Math.max(0, this.left - 1);
    this.done++;
    this.begin();
    this.snippets.prefetch(this.tasks.slice(0, prefetched));
    if (this.tasks.length < refillBelow) void this.fill();
    return task;
  }

  /** Says what the present one is, and goes to the next without waiting. */
  say(said: Said): void {
    const task = this.next();
    if (!task) return;
    this.notice = null;
    this.waiting++;
    this.sending = this.sending.then(async () => {
      const { action, ...rest } = said;
      try {
        const { outcome } = await api.say(task, action, rest);
        this.said.push(task);
        if (outcome === 'differs') this.tell('info', t('review.keyings_differ'));
      } catch (problem) {
        this.failed(task, said, asApiError(problem));
      } finally {
        this.waiting--;
      }
    });
  }

  private failed(task: ReviewTask, said: Said, error: ApiError): void {
    this.done--;
    // Nothing that was typed is lost: it is there when the task is.
    if ('value' in said) this.drafts.set(taskKey(task), said.value);
    if (settledElsewhere.has(error.status)) {
      // Read anew meanwhile it may be in doubt still: then the server lists it once more.
      this.away.delete(taskKey(task));
      this.tell('info', errorText(error));
      return;
    }
    this.bringBack(task);
    this.tell('error', errorText(error));
  }

  private bringBack(task: ReviewTask): void {
    if (this.task && this.touched) this.drafts.set(taskKey(this.task), this.text);
    this.away.delete(taskKey(task));
    this.tasks = [task, ...this.tasks.filter((each) => taskKey(each) !== taskKey(task))];
    this.left++;
    this.begin();
  }

  /** Takes back what was said last. */
  async undo(): Promise<void> {
    await this.sending;
    const last = this.said.pop();
    if (!last) {
      this.tell('info', t('review.nothing_to_undo'));
      return;
    }
    try {
      const { task } = await api.takeBack(last);
      this.done--;
      if (task) this.bringBack(task);
      this.tell('info', t('review.undone'));
    } catch (problem) {
      const error = asApiError(problem);
      if (!settledElsewhere.has(error.status)) this.said.push(last);
      this.tell('error', errorText(error));
    }
  }

  /** The same value in the same field elsewhere, this one first; they are this reviewer's now. */
  async equal(): Promise<readonly ReviewTask[]> {
    const task = this.task;
    if (!task) return [];
    const { tasks } = await api.claimEqual(this.scope, task);
    const key = taskKey(task);
    return [task, ...tasks.filter((each) => taskKey(each) !== key)];
  }

  async confirmEqual(tasks: readonly ReviewTask[]): Promise<void> {
    await this.sending;
    const { confirmed, changed_meanwhile } = await api.confirmEqual(
      tasks,
      t('review.reason_equal'),
    );
    const keys = new Set(tasks.map(taskKey));
    for (const key of keys) this.away.add(key);
    this.tasks = this.tasks.filter((task) => !keys.has(taskKey(task)));
    this.done += confirmed;
    this.left = Math.max(0, this.left - confirmed);
    this.said.push(...tasks);
    this.tell(
      'info',
      changed_meanwhile > 0
        ? t('review.confirmed_some', { n: confirmed, changed: changed_meanwhile })
        : t('review.confirmed', { n: confirmed }),
    );
    this.begin();
    await this.fill();
  }

  type(text: string): void {
    this.text = text;
    this.touched = true;
  }

  /** Puts the value of the present one into the box again. False when it is there already. */
  reset(): boolean {
    if (!this.touched) return false;
    this.begin();
    return true;
  }

  tell(kind: 'error' | 'info', text: string): void {
    this.notice = { kind, text };
  }
}

export function asApiError(problem: unknown): ApiError {
  return problem instanceof ApiError ? problem : new ApiError(0, 'network', '', '');
}
