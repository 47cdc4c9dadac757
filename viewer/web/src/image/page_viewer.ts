// The only file that knows OpenSeadragon: one page, deep zoom, boxes and text over it. Places
// come and go in pixels of the delivered picture; how the page is turned and moved is this
// file's affair.

import OpenSeadragon from 'openseadragon';
import {
  affineThrough,
  asTurned,
  boundsOf,
  lineBox,
  matrixText,
  pointsText,
  withSurroundings,
  type Quad,
} from '../logic/geometry';

export interface PageBox {
  id: string;
  quad: Quad;
  /** Says how it is drawn: see page_viewer.css. */
  kind: 'field' | 'unsure' | 'finding' | 'hit' | 'seal' | 'line';
  title: string;
}

export interface TextRun {
  text: string;
  quad: Quad;
}

export interface ViewerEvents {
  boxClicked: (id: string) => void;
  opened: () => void;
  failed: () => void;
}

const svgNames = 'http://www.w3.org/2000/svg';
const zoomStep = 1.4;
/** Text is laid in pixels of the page, so that letters need one common unit to be measured in. */
const measuredPx = 100;

// A page that is left before its tiles came is nothing to warn of; errors go on to the console.
(OpenSeadragon as unknown as { console: Partial<Console> }).console = {
  ...console,
  warn: () => {},
  log: () => {},
};

// OpenSeadragon would add a style sheet of its own, which the server's policy forbids; it looks for
// an element of this name first. The rule that it holds is in page_viewer.css.
function forestallStyle(): void {
  const name = 'data-openseadragon-mobile-css';
  if (document.querySelector(`style[${name}]`)) return;
  const style = document.createElementNS(null, 'style'); // of no language: nothing ever applies it
  style.setAttribute(name, 'true');
  document.head.append(style);
}

export class PageViewer {
  private readonly viewer: OpenSeadragon.Viewer;
  private readonly layer = document.createElement('div');
  private readonly svg = document.createElementNS(svgNames, 'svg');
  private readonly drawn = document.createElementNS(svgNames, 'g');
  private readonly text = document.createElement('div');
  private readonly pen = document.createElement('canvas').getContext('2d');
  private size: { width: number; height: number } | null = null;
  private degrees = 0;
  private wanted: (() => void) | null = null;
  private boxes: readonly PageBox[] = [];
  private marked = '';

  constructor(
    element: HTMLElement,
    label: string,
    private readonly events: ViewerEvents,
  ) {
    forestallStyle();
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.viewer = new OpenSeadragon.Viewer({
      element,
      drawer: 'canvas',
      showNavigationControl: false,
      showNavigator: false,
      animationTime: still ? 0 : 0.35,
      springStiffness: 12,
      minZoomImageRatio: 0.8,
      maxZoomPixelRatio: 4,
      visibilityRatio: 0.3,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
      gestureSettingsTouch: { clickToZoom: false, dblClickToZoom: true, pinchRotate: false },
      timeout: 30_000,
    });
    // Keys are the application's (keyboard.ts), not OpenSeadragon's.
    for (const name of ['canvas-key', 'canvas-key-press'] as const) {
      this.viewer.addHandler(name, (event) => {
        (event as { preventDefaultAction?: boolean }).preventDefaultAction = true;
      });
    }
    this.viewer.canvas.setAttribute('role', 'img');
    this.viewer.canvas.setAttribute('aria-label', label);
    this.viewer.canvas.tabIndex = -1;

    this.layer.className = 'page-layer';
    this.svg.setAttribute('class', 'page-boxes');
    this.svg.setAttribute('aria-hidden', 'true'); // the panel beside the page has them as buttons
    this.svg.append(this.drawn);
    this.text.className = 'page-text';
    this.layer.append(this.svg, this.text);
    this.viewer.canvas.append(this.layer);

    const moved = () => this.place();
    this.viewer.addHandler('update-viewport', moved);
    this.viewer.addHandler('animation', moved);
    this.viewer.addHandler('open', () => this.arrived());
    this.viewer.addHandler('open-failed', () => {
      this.size = null;
      this.layer.hidden = true;
      this.events.failed();
    });
    this.keepTextSelectable();
    this.reportClicks();
  }

  destroy(): void {
    this.viewer.destroy();
  }

  /** Opens a picture, turned clockwise by `degrees`; what is shown before is closed. */
  open(address: string, degrees: number, label: string): void {
    this.degrees = degrees;
    this.size = null;
    this.wanted = null;
    this.layer.hidden = true;
    this.viewer.canvas.setAttribute('aria-label', label);
    this.viewer.open(address as never);
  }

  close(): void {
    this.size = null;
    this.layer.hidden = true;
    this.viewer.close();
  }

  turnTo(degrees: number): void {
    this.degrees = degrees;
    if (!this.size) return;
    this.viewer.viewport.setRotation(degrees, true);
    this.viewer.viewport.goHome(true);
    this.place();
  }

  zoomBy(steps: number): void {
    if (!this.size) return;
    this.viewer.viewport.zoomBy(zoomStep ** steps);
    this.viewer.viewport.applyConstraints();
  }

  fit(): void {
    if (this.size) this.viewer.viewport.goHome();
  }

  /** Moves to these places, with what stands around them. Waits for the picture when it must. */
  show(quads: readonly Quad[]): void {
    const go = () => {
      const rect = boundsOf(quads);
      const item = this.viewer.world.getItemAt(0);
      if (!rect || !this.size || !item) return;
      const seen = asTurned(withSurroundings(rect, this.size), this.degrees);
      const { x, y, width, height } = seen;
      this.viewer.viewport.fitBounds(item.imageToViewportRectangle(x, y, width, height));
    };
    if (this.size) go();
    else this.wanted = go;
  }

  setBoxes(boxes: readonly PageBox[]): void {
    this.boxes = boxes;
    this.drawn.replaceChildren(
      ...boxes.map((box) => {
        const shape = document.createElementNS(svgNames, 'polygon');
        shape.setAttribute('points', pointsText(box.quad));
        shape.setAttribute('class', `page-box ${box.kind}`);
        shape.dataset.box = box.id;
        const title = document.createElementNS(svgNames, 'title');
        title.textContent = box.title;
        shape.append(title);
        return shape;
      }),
    );
    this.mark(this.marked);
  }

  /** Draws one box as the chosen one. */
  mark(id: string): void {
    this.marked = id;
    for (const shape of this.drawn.children) {
      shape.classList.toggle('marked', (shape as SVGElement).dataset.box === id);
    }
  }

  /** Selectable text over the picture; an empty list takes it away. */
  setText(lines: readonly TextRun[]): void {
    this.text.replaceChildren(...lines.map((line) => this.runOf(line)));
    this.layer.classList.toggle('with-text', lines.length > 0);
  }

  private runOf({ text, quad }: TextRun): HTMLElement {
    const run = document.createElement('span');
    const box = lineBox(quad);
    const natural = this.widthOf(text) * (box.height / measuredPx);
    const stretch = natural > 0 ? box.length / natural : 1;
    run.textContent = `${text}\n`;
    run.style.fontSize = `${box.height}px`;
    run.style.transform =
      `translate(${box.x}px,${box.y}px) ` +
      `rotate(${box.degrees.toFixed(3)}deg) scaleX(${stretch.toFixed(4)})`;
    return run;
  }

  private widthOf(text: string): number {
    if (!this.pen) return 0;
    this.pen.font = `${measuredPx}px sans-serif`;
    return this.pen.measureText(text).width;
  }

  private arrived(): void {
    const item = this.viewer.world.getItemAt(0);
    if (!item) return;
    const { x, y } = item.getContentSize();
    this.size = { width: x, height: y };
    this.viewer.viewport.setRotation(this.degrees, true);
    this.viewer.viewport.goHome(true);
    this.layer.hidden = false;
    this.place();
    this.wanted?.();
    this.wanted = null;
    this.events.opened();
  }

  /** Lays the boxes and the text where the picture is now. */
  private place(): void {
    const item = this.viewer.world.getItemAt(0);
    if (!item || !this.size) return;
    const unit = this.size.width;
    const at = (px: number, py: number) => {
      const seen = this.viewer.viewport.pixelFromPoint(
        item.imageToViewportCoordinates(px, py, true),
        true,
      );
      return [seen.x, seen.y] as const;
    };
    const matrix = matrixText(affineThrough(unit, at(0, 0), at(unit, 0), at(0, unit)));
    this.drawn.setAttribute('transform', matrix);
    this.text.style.transform = matrix;
  }

  /** A press on a letter begins a selection rather than moves the page. */
  private keepTextSelectable(): void {
    for (const name of ['pointerdown', 'mousedown', 'touchstart', 'dblclick'] as const) {
      this.text.addEventListener(name, (event) => {
        if (event.target !== this.text) event.stopPropagation();
      });
    }
  }

  private reportClicks(): void {
    this.viewer.addHandler('canvas-click', (event) => {
      const { quick, originalTarget } = event as unknown as {
        quick: boolean;
        originalTarget: Element;
      };
      const id = quick
        ? originalTarget?.closest?.<SVGElement>('[data-box]')?.dataset.box
        : undefined;
      if (id !== undefined && this.boxes.some((box) => box.id === id)) this.events.boxClicked(id);
    });
  }
}
