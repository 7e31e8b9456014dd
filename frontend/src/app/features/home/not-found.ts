import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink } from '@angular/router';

@Component({
  selector: 'cw-not-found',
  imports: [RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="page">
      <h1 i18n>There is no such page</h1>
      <p class="lead"><a routerLink="/" i18n>Go to the start</a></p>
    </div>
  `,
})
export class NotFoundPage {}
