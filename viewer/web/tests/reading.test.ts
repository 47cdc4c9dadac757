import { describe, expect, test } from 'vitest';
import { Reading } from '../src/state/reading.svelte';

const settle = () => new Promise((done) => setTimeout(done, 0));

describe('what is read', () => {
  let answers: (() => Promise<string>)[] = [];
  const fails = () => Promise.reject(new Error('down'));
  const read = () => new Reading(() => answers.shift()!());

  test('stays when it cannot be read again', async () => {
    answers = [async () => 'old', fails];
    const reading = read();
    reading.begin();
    await settle();
    await reading.again();
    expect([reading.value, reading.error?.code]).toEqual(['old', 'network']);
  });
  test('does not stand for another question that failed', async () => {
    answers = [async () => 'all', fails, async () => 'those due'];
    const reading = read();
    reading.begin();
    await settle();
    expect(reading.value).toBe('all');
    reading.begin();
    await settle();
    expect([reading.value, reading.error?.code]).toEqual([null, 'network']);
    await reading.again();
    expect([reading.value, reading.error]).toEqual(['those due', null]);
  });
});
