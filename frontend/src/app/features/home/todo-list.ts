/** What needs doing now, each leading to where it is done. */

import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';

import { ChainService } from '../../core/chain/chain';
import { DurationPipe } from '../../core/text/pipes';
import type { Todo } from './todos';

@Component({
  selector: 'cw-todo-list',
  imports: [RouterLink, DurationPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card" aria-labelledby="now">
      <h2 id="now" i18n>What needs doing now</h2>
      @if (todos(); as found) {
        <ul>
          @for (todo of found; track todo.id) {
            <li [class.urgent]="todo.isUrgent" [attr.data-todo]="todo.id">
              <a [routerLink]="todo.link">{{ todo.text }}</a>
              @if (todo.until; as until) {
                <span class="muted" i18n>{{ until - now() | duration }} left</span>
              }
            </li>
          } @empty {
            <li class="muted" data-nothing i18n>Nothing: everything is in order.</li>
          }
        </ul>
      } @else {
        <p class="muted" aria-busy="true" i18n>Reading from the chain …</p>
      }
    </section>
  `,
  styles: `
    ul {
      list-style: none;
      padding: 0;
      margin: 0;
      display: grid;
      gap: 0.5rem;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      justify-content: space-between;
      gap: 0.5rem;
      border-inline-start: 4px solid var(--cw-brand);
      padding: 0.25rem 0.75rem;
    }
    li.urgent {
      border-color: var(--cw-warn);
    }
  `,
})
export class TodoList {
  readonly todos = input.required<readonly Todo[] | null>();
  protected readonly now = inject(ChainService).now;
}
