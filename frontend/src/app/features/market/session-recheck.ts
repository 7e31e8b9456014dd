/** Running a session's clearing and settlement again, in this browser, and comparing with the chain. */

import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';

import type { Recheck } from '../../core/audit/recheck';
import { recheckAside } from '../../core/audit/recheck-aside';
import { PublishedService } from '../../core/audit/published';
import { CommunityService } from '../../core/chain/community';
import type { SessionDetail } from '../../core/chain/sessions';
import { Failure } from '../../shared/failure';
import { RecheckList } from '../../shared/recheck-list';

@Component({
  selector: 'cw-session-recheck',
  imports: [MatButtonModule, RecheckList, Failure],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card" aria-labelledby="recheck">
      <h2 id="recheck" i18n>Check it yourself</h2>
      <p class="muted" i18n>
        Your browser reads the revealed orders from the chain, clears every slot again, builds the same trees, settles
        again, and compares each figure and root. No account is needed, and nobody has to be trusted.
      </p>
      <button matButton="outlined" type="button" (click)="run()" [disabled]="isRunning()" i18n>
        Recompute in this browser
      </button>
      <div aria-live="polite">
        @if (isRunning()) {
          <p class="muted" i18n>Computing …</p>
        }
        <cw-failure [of]="failure()" />
        @if (found(); as result) {
          <p [class]="'note ' + tone()" data-recheck-summary>{{ summary() }}</p>
          <cw-recheck-list [steps]="result.steps" />
        }
      </div>
    </section>
  `,
  styles: `
    section,
    [aria-live] {
      display: grid;
      gap: 0.75rem;
      justify-items: start;
    }
    [aria-live],
    .note {
      justify-self: stretch;
    }
    .note {
      margin: 0;
    }
  `,
})
export class SessionRecheck {
  readonly session = input.required<SessionDetail>();
  private readonly communities = inject(CommunityService);
  private readonly published = inject(PublishedService);
  protected readonly found = signal<Recheck | null>(null);
  protected readonly failure = signal<unknown>(null);
  protected readonly isRunning = signal(false);

  private readonly wrong = computed(() => this.found()?.steps.filter((step) => step.verdict === 'wrong').length ?? 0);
  private readonly right = computed(() => this.found()?.steps.filter((step) => step.verdict === 'right').length ?? 0);
  protected readonly tone = computed(() => (this.wrong() ? 'bad' : this.right() ? 'good' : ''));
  protected readonly summary = computed(() => {
    if (this.wrong())
      return $localize`${this.wrong()}:count: steps differ. Somebody has computed something else than the rules say.`;
    const open = (this.found()?.steps.length ?? 0) - this.right();
    if (open) return $localize`${this.right()}:count: steps agree; ${open}:open: cannot be checked yet.`;
    return $localize`All ${this.right()}:count: steps agree: this session is as the rules say.`;
  });

  protected async run(): Promise<void> {
    this.isRunning.set(true);
    this.failure.set(null);
    try {
      const { chainId, contracts } = this.communities.require();
      const place = { chainId: BigInt(chainId), marketplace: contracts.marketplace };
      this.found.set(await recheckAside(this.session(), place, this.published.read));
    } catch (error) {
      this.failure.set(error);
    } finally {
      this.isRunning.set(false);
    }
  }
}
