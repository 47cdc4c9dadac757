/** For `use:`: what comes up because somebody asked for it with a key takes the focus. */
export function focused(node: HTMLElement): void {
  node.focus();
}
