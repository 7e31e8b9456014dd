/** What the service can be asked, from its own description: for programs that others write. */

import { ChangeDetectionStrategy, Component, inject } from '@angular/core';

import { loaded } from '../../core/loading';
import { NetworkService } from '../../core/chain/network';
import { Failure } from '../../shared/failure';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly says: string;
  readonly needs: readonly string[];
  readonly isForSignedIn: boolean;
}

interface Chapter {
  readonly name: string;
  readonly operations: readonly Operation[];
}

interface Described {
  readonly tags?: readonly string[];
  readonly description?: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

const METHODS = ['get', 'post', 'put', 'delete'] as const;

@Component({
  selector: 'cw-api-reference',
  imports: [Failure],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="page">
      <header>
        <h1 i18n>What the service can be asked</h1>
        <p class="lead" i18n>
          For programs: JSON over HTTP. Amounts are decimal text in their smallest unit, times UTC epoch seconds. The
          whole description is at <a href="/openapi.json" download>/openapi.json</a>.
        </p>
      </header>
      <cw-failure [of]="chapters.failure()" />
      @for (chapter of chapters.value(); track chapter.name) {
        <section class="card" [attr.aria-labelledby]="'tag-' + chapter.name" [attr.data-chapter]="chapter.name">
          <h2 [id]="'tag-' + chapter.name" lang="en">{{ chapter.name }}</h2>
          <dl>
            @for (operation of chapter.operations; track operation.method + operation.path) {
              <dt>
                <span class="badge">{{ operation.method }}</span> <span class="hex">{{ operation.path }}</span>
                @if (operation.isForSignedIn) {
                  <span class="badge warn" i18n>sign-in</span>
                }
              </dt>
              <dd>
                <span lang="en">{{ operation.says }}</span>
                @if (operation.needs.length) {
                  <span class="muted small hex"> {{ operation.needs.join(', ') }}</span>
                }
              </dd>
            }
          </dl>
        </section>
      }
    </div>
  `,
  styles: `
    dl {
      margin: 0;
      display: grid;
      gap: 0.25rem;
      overflow-wrap: anywhere;
    }
    dd {
      margin: 0 0 0.75rem;
    }
  `,
})
export class ApiReference {
  private readonly networks = inject(NetworkService);
  protected readonly chapters = loaded(
    () => ({ network: this.networks.network() }),
    async () => {
      const response = await fetch('/openapi.json', { headers: { accept: 'application/json' } });
      if (!response.ok) throw new Error($localize`The service answers ${response.status}:status:.`);
      return chaptersOf((await response.json()) as Parameters<typeof chaptersOf>[0]);
    },
  );
}

/** The operations by their tags, in the order of the description. */
export function chaptersOf(document: {
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<(typeof METHODS)[number], Described>>>>>;
}): Chapter[] {
  const chapters = new Map<string, Operation[]>();
  for (const [path, described] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const one = described[method];
      if (!one) continue;
      const tag = one.tags?.[0] ?? '';
      const needs = (one.parameters ?? []).filter((given) => given.in === 'query').map((given) => given.name);
      const says = one.description ?? '';
      const operation = { method: method.toUpperCase(), path, says, needs, isForSignedIn: Boolean(one.security) };
      chapters.set(tag, [...(chapters.get(tag) ?? []), operation]);
    }
  }
  return [...chapters].map(([name, operations]) => ({ name, operations }));
}
