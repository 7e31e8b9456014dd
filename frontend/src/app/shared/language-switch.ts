/** The same page in the other language. */

import { Location } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NavigationEnd, NavigationStart, Router } from '@angular/router';
import { filter, map } from 'rxjs';

import { injectLanguage } from '../core/text/pipes';

@Component({
  selector: 'cw-language-switch',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<a [href]="href()" [attr.lang]="other" [attr.hreflang]="other">{{ name }}</a>`,
  styles: `
    a {
      display: inline-block;
      padding: 0.4rem;
      color: var(--cw-muted);
      text-decoration: none;
      font-weight: 600;
    }
  `,
})
export class LanguageSwitch {
  private readonly router = inject(Router);
  protected readonly other = injectLanguage() === 'it' ? 'en' : 'it';
  protected readonly name = this.other === 'it' ? 'Italiano' : 'English';

  private readonly path = toSignal(
    this.router.events.pipe(
      filter((event) => event instanceof NavigationStart || event instanceof NavigationEnd),
      map((event) => event.url),
    ),
    { initialValue: inject(Location).path() || '/' },
  );
  protected readonly href = computed(() => `/${this.other}${this.path()}`);
}
