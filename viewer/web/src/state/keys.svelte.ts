// One listener for all keys. Screens say which actions they know while they are shown.

import { actionOf, type Action, type Focus, type Place } from '../logic/keyboard';
import { settings } from './settings.svelte';

export type Handlers = Partial<Record<Action, () => void>>;

interface Layer {
  places: readonly Place[];
  handlers: Handlers;
}

const layers: Layer[] = [];

function focusOf(target: EventTarget | null): Focus {
  if (!(target instanceof HTMLElement)) return 'none';
  // A list of choices takes letters as well: it goes to what begins with them.
  if (
    target.closest('input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]')
  ) {
    return 'text';
  }
  return target.closest('a, button, input, [role=tab]') ? 'control' : 'none';
}

export function listenForKeys(): void {
  window.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
    const focus = focusOf(event.target);
    const places = [...layers].reverse().flatMap((layer) => layer.places);
    const action = actionOf(event, [...places, 'everywhere'], focus, settings.singleKeys);
    if (!action) return;
    if (focus === 'text') {
      (event.target as HTMLElement).blur(); // Esc leaves a box; what it does elsewhere comes next
      return;
    }
    const layer = [...layers].reverse().find((each) => each.handlers[action]);
    if (!layer) return;
    event.preventDefault();
    layer.handlers[action]!();
  });
}

/** For an effect of a screen: gives back what ends it. */
export function useKeys(places: readonly Place[], handlers: Handlers): () => void {
  const layer = { places, handlers };
  layers.push(layer);
  return () => {
    layers.splice(layers.indexOf(layer), 1);
  };
}
