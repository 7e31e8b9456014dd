/** A labelled choice of one thing among a few. */

import { ChangeDetectionStrategy, Component, input, model } from '@angular/core';

export interface Choice<T> {
  readonly value: T;
  readonly name: string;
}

@Component({
  selector: 'cw-choice-field',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <label class="field">
      <span>{{ label() }}</span>
      <select [attr.data-field]="name()" (change)="changed($event)">
        @for (choice of choices(); track $index) {
          <option [value]="$index" [selected]="choice.value === value()">{{ choice.name }}</option>
        }
      </select>
    </label>
  `,
  styles: `
    :host {
      display: block;
      flex: 1 1 11rem;
    }
  `,
})
export class ChoiceField<T> {
  readonly label = input.required<string>();
  readonly name = input.required<string>();
  readonly choices = input.required<readonly Choice<T>[]>();
  readonly value = model.required<T>();

  protected changed(event: Event): void {
    this.value.set(this.choices()[Number((event.target as HTMLSelectElement).value)].value);
  }
}
