/** A text drawn as a QR code, black on white in either colour scheme: readers expect it so. */

import { ChangeDetectionStrategy, Component, computed, effect, input, signal } from '@angular/core';

/** Empty modules around the code, without which readers do not find it. */
const MARGIN = 4;

@Component({
  selector: 'cw-qr-code',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (path(); as drawn) {
      <svg
        role="img"
        [attr.aria-label]="label()"
        [attr.viewBox]="'0 0 ' + size() + ' ' + size()"
        shape-rendering="crispEdges"
        data-qr
      >
        <rect [attr.width]="size()" [attr.height]="size()" fill="#fff" />
        <path [attr.d]="drawn" fill="#000" />
      </svg>
    }
  `,
  styles: `
    svg {
      display: block;
      width: 100%;
      max-width: 13rem;
      border-radius: 8px;
    }
  `,
})
export class QrCode {
  readonly text = input.required<string>();
  readonly label = input.required<string>();
  private readonly modules = signal<readonly (readonly boolean[])[]>([]);

  protected readonly size = computed(() => this.modules().length);
  protected readonly path = computed(() => pathOf(this.modules()));

  constructor() {
    effect((onCleanup) => {
      const text = this.text();
      let isCurrent = true;
      onCleanup(() => (isCurrent = false));
      // Drawn by a part of the page that is loaded only where a code is shown.
      void import('qr').then(({ encodeQR }) => {
        if (isCurrent) this.modules.set(encodeQR(text, 'raw', { border: MARGIN }));
      });
    });
  }
}

/** The dark modules as one path, each run of a row a rectangle. */
function pathOf(modules: readonly (readonly boolean[])[]): string {
  let path = '';
  for (const [y, row] of modules.entries()) {
    let x = 0;
    while (x < row.length) {
      const from = x;
      while (x < row.length && row[x]) x++;
      if (x > from) path += `M${from} ${y}h${x - from}v1h${from - x}z`;
      else x++;
    }
  }
  return path;
}
