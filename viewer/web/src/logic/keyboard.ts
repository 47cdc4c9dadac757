// Every key the application knows. The help sheet is made of this table, so that it cannot lie.

export type Place =
  | 'everywhere'
  | 'list'
  | 'search'
  | 'reader'
  | 'repair'
  | 'review'
  | 'items';

export type Action =
  | 'help'
  | 'focus_search'
  | 'back'
  | 'to_search'
  | 'to_dossiers'
  | 'to_batches'
  | 'to_review'
  | 'to_keeping'
  | 'to_audit'
  | 'to_admin'
  | 'to_upload'
  | 'next'
  | 'previous'
  | 'open'
  | 'first'
  | 'last'
  | 'next_person'
  | 'next_item'
  | 'previous_item'
  | 'next_hit'
  | 'previous_hit'
  | 'rotate'
  | 'rotate_back'
  | 'zoom_in'
  | 'zoom_out'
  | 'fit'
  | 'original'
  | 'text'
  | 'boxes'
  | 'rail'
  | 'panel'
  | 'reveal'
  | 'fields'
  | 'findings'
  | 'confirm'
  | 'pick'
  | 'next_alternative'
  | 'previous_alternative'
  | 'unreadable'
  | 'group'
  | 'undo'
  | 'take_step'
  | 'return_item'
  | 'copy'
  | 'beside'
  | 'repair'
  | 'choose'
  | 'choose_next'
  | 'choose_previous'
  | 'move'
  | 'place_after'
  | 'place_before'
  | 'move_up'
  | 'move_down'
  | 'turn'
  | 'turn_back'
  | 'split'
  | 'merge'
  | 'split_dossier'
  | 'retype_page'
  | 'retype_item'
  | 'replace'
  | 'insert'
  | 'undo_last';

export interface Binding {
  action: Action;
  place: Place;
  /** Values of KeyboardEvent.key. */
  keys: readonly string[];
}

export const bindings: readonly Binding[] = [
  { action: 'help', place: 'everywhere', keys: ['?', '？'] },
  { action: 'focus_search', place: 'everywhere', keys: ['/', '、'] },
  { action: 'back', place: 'everywhere', keys: ['Escape'] },
  { action: 'to_search', place: 'everywhere', keys: ['1'] },
  { action: 'to_dossiers', place: 'everywhere', keys: ['2'] },
  { action: 'to_batches', place: 'everywhere', keys: ['3'] },
  { action: 'to_review', place: 'everywhere', keys: ['4'] },
  { action: 'to_keeping', place: 'everywhere', keys: ['5'] },
  { action: 'to_audit', place: 'everywhere', keys: ['6'] },
  { action: 'to_admin', place: 'everywhere', keys: ['7'] },
  { action: 'to_upload', place: 'everywhere', keys: ['8'] },
  { action: 'next', place: 'list', keys: ['j', 'ArrowDown'] },
  { action: 'previous', place: 'list', keys: ['k', 'ArrowUp'] },
  { action: 'first', place: 'list', keys: ['Home'] },
  { action: 'last', place: 'list', keys: ['End'] },
  { action: 'open', place: 'list', keys: ['Enter'] },
  { action: 'next_person', place: 'search', keys: ['n'] },
  { action: 'next', place: 'reader', keys: ['j', 'ArrowRight', 'PageDown'] },
  { action: 'previous', place: 'reader', keys: ['k', 'ArrowLeft', 'PageUp'] },
  { action: 'next_item', place: 'reader', keys: ['J'] },
  { action: 'previous_item', place: 'reader', keys: ['K'] },
  { action: 'next_hit', place: 'reader', keys: ['n'] },
  { action: 'previous_hit', place: 'reader', keys: ['p'] },
  { action: 'rotate', place: 'reader', keys: ['r'] },
  { action: 'rotate_back', place: 'reader', keys: ['R'] },
  { action: 'zoom_in', place: 'reader', keys: ['+', '='] },
  { action: 'zoom_out', place: 'reader', keys: ['-', '_'] },
  { action: 'fit', place: 'reader', keys: ['0'] },
  { action: 'original', place: 'reader', keys: ['o'] },
  { action: 'text', place: 'reader', keys: ['t'] },
  { action: 'boxes', place: 'reader', keys: ['b'] },
  { action: 'fields', place: 'reader', keys: ['f'] },
  { action: 'findings', place: 'reader', keys: ['g'] },
  { action: 'reveal', place: 'reader', keys: ['v'] },
  { action: 'rail', place: 'reader', keys: ['['] },
  { action: 'panel', place: 'reader', keys: [']'] },
  // In the box of the bench, logic/review.ts: these mean what they say before anything is typed.
  { action: 'confirm', place: 'review', keys: ['Enter'] },
  { action: 'pick', place: 'review', keys: ['Alt 1 … 9'] },
  { action: 'next_alternative', place: 'review', keys: ['ArrowDown'] },
  { action: 'previous_alternative', place: 'review', keys: ['ArrowUp'] },
  { action: 'unreadable', place: 'review', keys: ['*', '＊'] },
  { action: 'group', place: 'review', keys: ['+', '=', '＋', '＝'] },
  { action: 'undo', place: 'review', keys: ['Escape'] },
  { action: 'take_step', place: 'items', keys: ['s'] },
  { action: 'return_item', place: 'items', keys: ['x'] },
  { action: 'beside', place: 'reader', keys: ['d'] },
  { action: 'copy', place: 'reader', keys: ['c'] },
  { action: 'repair', place: 'reader', keys: ['e'] },
  { action: 'next', place: 'repair', keys: ['ArrowDown'] },
  { action: 'previous', place: 'repair', keys: ['ArrowUp'] },
  { action: 'choose', place: 'repair', keys: [' '] },
  { action: 'choose_next', place: 'repair', keys: ['Shift+ArrowDown'] },
  { action: 'choose_previous', place: 'repair', keys: ['Shift+ArrowUp'] },
  { action: 'move', place: 'repair', keys: ['m'] },
  { action: 'place_after', place: 'repair', keys: ['Enter', 'a'] },
  { action: 'place_before', place: 'repair', keys: ['b'] },
  { action: 'move_up', place: 'repair', keys: [',', '，'] },
  { action: 'move_down', place: 'repair', keys: ['.', '。'] },
  { action: 'turn', place: 'repair', keys: ['r'] },
  { action: 'turn_back', place: 'repair', keys: ['R'] },
  { action: 'split', place: 'repair', keys: ['s'] },
  { action: 'merge', place: 'repair', keys: ['w'] },
  { action: 'split_dossier', place: 'repair', keys: ['S'] },
  { action: 'retype_page', place: 'repair', keys: ['y'] },
  { action: 'retype_item', place: 'repair', keys: ['Y'] },
  { action: 'replace', place: 'repair', keys: ['x'] },
  { action: 'insert', place: 'repair', keys: ['i'] },
  { action: 'undo_last', place: 'repair', keys: ['z'] },
];

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  shiftKey?: boolean;
  isComposing: boolean;
  /** The key is held down. */
  repeat?: boolean;
}

/** What the focus is on: keys mean letters in a box, and Enter presses a button. */
export type Focus = 'text' | 'control' | 'none';

/** The controls whose own keys these are; they keep them. */
const ofControls = new Set([
  'Enter',
  ' ',
  'ArrowDown',
  'ArrowUp',
  'ArrowLeft',
  'ArrowRight',
  'PageDown',
  'PageUp',
  'Home',
  'End',
]);

/** What a key that is held does again and again; everything else it does once. */
const whileHeld = new Set<Action>([
  'next',
  'previous',
  'next_item',
  'previous_item',
  'next_hit',
  'previous_hit',
  'choose_next',
  'choose_previous',
  'zoom_in',
  'zoom_out',
]);

/**
 * The action of a key in the places that listen, the nearest place first. Nothing while a word is
 * being composed, with a modifier, or where the key belongs to what has the focus. With `single`
 * off only keys that are no characters act (WCAG 2.1.4).
 */
export function actionOf(
  press: KeyPress,
  places: readonly Place[],
  focus: Focus,
  single = true,
): Action | null {
  if (press.isComposing || press.ctrlKey || press.altKey || press.metaKey) return null;
  if (focus === 'text' && press.key !== 'Escape') return null;
  if (focus === 'control' && ofControls.has(press.key)) return null;
  if (!single && [...press.key].length === 1) return null;
  // Of keys that are no characters Shift makes others; characters say it by themselves.
  const shifted = press.shiftKey && [...press.key].length > 1 ? `Shift+${press.key}` : press.key;
  for (const place of places) {
    const found = bindings.find((b) => b.place === place && b.keys.includes(shifted));
    if (found) return press.repeat && !whileHeld.has(found.action) ? null : found.action;
  }
  return null;
}

const shown: Record<string, string> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  PageDown: 'PgDn',
  PageUp: 'PgUp',
  ' ': '␣',
  'Shift+ArrowDown': '⇧↓',
  'Shift+ArrowUp': '⇧↑',
};

/** Keys that are another's neighbour with or without Shift, or its full-width twin. */
const twins = new Set(['？', '、', '=', '_', '，', '。', '＊', '＋', '＝']);

/** Keys as they are printed on a keyboard. */
export function keyNames(keys: readonly string[]): string[] {
  return keys.filter((key) => !twins.has(key)).map((key) => shown[key] ?? key);
}
