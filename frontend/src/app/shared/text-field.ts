/** A labelled field for a text or a figure. */

import { ChangeDetectionStrategy, Component, input, model } from '@angular/core';

@Component({
  selector: 'cw-text-field',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <label class="field">
      <span>{{ label() }}</span>
      <input
        [type]="type()"
        [attr.inputmode]="isFigure() ? 'decimal' : null"
        [attr.data-field]="name()"
        autocomplete="off"
        [value]="value()"
        (input)="changed($event)"
      />
    </label>
  `,
  styles: `
    :host {
      display: block;
      flex: 1 1 11rem;
    }
  `,
})
export class TextField {
  readonly label = input.required<string>();
  /** By which tests find it. */
  readonly name = input.required<string>();
  readonly type = input<'text' | 'date' | 'datetime-local'>('text');
  readonly isFigure = input(false);
  readonly value = model.required<string>();

  protected changed(event: Event): void {
    this.value.set((event.target as HTMLInputElement).value);
  }
}
