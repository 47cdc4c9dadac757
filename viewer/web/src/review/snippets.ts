// Pictures of values, fetched before they are wanted: pressing Enter must not wait for one.

import { api } from '../api/client';
import type { ReviewTask } from '../api/types';
import {
  smallHeight,
  smallPicture,
  smallWidth,
  taskKey,
  type SmallPicture,
} from '../logic/review';

/** More than a sheet of equal ones and what is fetched ahead. */
const keptMost = 200;

export class Snippets {
  private readonly kept = new Map<string, Promise<string>>();

  /** An address of the picture for this page of the browser only. Fails as fetching does. */
  of(task: ReviewTask): Promise<string> {
    const key = `${taskKey(task)} ${task.etag}`;
    const there = this.kept.get(key);
    if (there) return there;
    const fetched = api.snippet(task).then((blob) => URL.createObjectURL(blob));
    fetched.catch(() => this.kept.delete(key));
    this.kept.set(key, fetched);
    if (this.kept.size > keptMost) this.drop(this.kept.keys().next().value!);
    return fetched;
  }

  prefetch(tasks: readonly ReviewTask[]): void {
    for (const task of tasks) void this.of(task).catch(() => {});
  }

  clear(): void {
    for (const key of [...this.kept.keys()]) this.drop(key);
  }

  private drop(key: string): void {
    void this.kept.get(key)?.then(URL.revokeObjectURL, () => {});
    this.kept.delete(key);
  }
}

/** For comparing, once the picture is there. */
export async function smallOf(address: string): Promise<SmallPicture> {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = smallWidth;
  canvas.height = smallHeight;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return { grey: [] };
  context.drawImage(image, 0, 0, smallWidth, smallHeight);
  return smallPicture(context.getImageData(0, 0, smallWidth, smallHeight).data);
}
