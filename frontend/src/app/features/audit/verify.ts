/** Checking a file that somebody handed over: a take-out bundle, a receipt, or any published file by its name. */

import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';

import { Failure } from '../../shared/failure';
import { VerifyService, type Finding } from './verify-service';

@Component({
  selector: 'cw-verify',
  imports: [RouterLink, Failure],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="page">
      <header>
        <h1 i18n>Verify</h1>
        <p class="lead" i18n>
          Drop a file that somebody handed you: a receipt, a take-out bundle of readings, or a published file. Your
          browser checks it against the chain; the file is sent nowhere. Sessions are recomputed on their own page.
        </p>
      </header>
      <label
        class="card drop"
        [class.over]="isOver()"
        (dragover)="$event.preventDefault(); isOver.set(true)"
        (dragleave)="isOver.set(false)"
        (drop)="drop($event)"
      >
        <strong i18n>Drop a file here, or choose one</strong>
        <input type="file" (change)="choose($event)" data-file />
      </label>
      <cw-failure [of]="failure()" />
      @if (finding(); as found) {
        <section class="card" aria-live="polite" [attr.data-finding]="found.isRight ? 'right' : 'wrong'">
          <h2>{{ found.title }}</h2>
          <p [class]="'note ' + (found.isRight ? 'good' : 'bad')">{{ found.summary }}</p>
          <ul>
            @for (line of found.lines; track $index) {
              <li [attr.data-verdict]="line.verdict">
                <span [class]="'badge ' + tones[line.verdict]">{{ names[line.verdict] }}</span> {{ line.text }}
              </li>
            }
          </ul>
        </section>
      }
      <p><a routerLink="/market" i18n>Choose a session to recompute</a></p>
    </div>
  `,
  styles: `
    .drop {
      display: grid;
      gap: 0.75rem;
      justify-items: center;
      padding: 2.5rem 1rem;
      border-style: dashed;
      cursor: pointer;
    }
    .drop.over {
      background: var(--cw-brand-soft);
    }
    ul {
      list-style: none;
      padding: 0;
      display: grid;
      gap: 0.5rem;
      overflow-wrap: anywhere;
    }
  `,
})
export class VerifyPage {
  private readonly verifier = inject(VerifyService);
  protected readonly isOver = signal(false);
  protected readonly finding = signal<Finding | null>(null);
  protected readonly failure = signal<unknown>(null);
  protected readonly tones = { right: 'good', wrong: 'bad', open: '' } as const;
  protected readonly names = { right: $localize`Holds`, wrong: $localize`Fails`, open: $localize`Open` } as const;

  protected drop(event: DragEvent): void {
    event.preventDefault();
    this.isOver.set(false);
    void this.check(event.dataTransfer?.files.item(0) ?? null);
  }

  protected choose(event: Event): void {
    void this.check((event.target as HTMLInputElement).files?.item(0) ?? null);
  }

  private async check(file: File | null): Promise<void> {
    if (!file) return;
    this.finding.set(null);
    this.failure.set(null);
    try {
      this.finding.set(await this.verifier.check(file.name, new Uint8Array(await file.arrayBuffer())));
    } catch (error) {
      this.failure.set(error);
    }
  }
}
