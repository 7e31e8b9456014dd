/** The meters that are a member's: what the chain has, signing another one, and giving one up. */

import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';

import { ChainService } from '../../core/chain/chain';
import { injectOwnMoment } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import type { Hex } from '../../core/market/units';
import { MomentPipe, ShortHexPipe } from '../../core/text/pipes';
import type { Call } from '../../core/wallet/transactions';
import { RefusedByUser } from '../../core/wallet/wallet';
import { Action } from '../../shared/action';
import { ChoiceField, type Choice } from '../../shared/choice-field';
import { Failure } from '../../shared/failure';
import { saveFile } from '../../shared/save-file';
import { TextField } from '../../shared/text-field';
import { BindingService, PointKind } from './binding';

const KINDS: readonly Choice<PointKind>[] = [
  { value: PointKind.Exchange, name: $localize`at the grid` },
  { value: PointKind.Production, name: $localize`behind a plant` },
];

@Component({
  selector: 'cw-point-binding',
  imports: [Action, ChoiceField, Failure, MatButtonModule, MomentPipe, ShortHexPipe, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card stack" aria-labelledby="meters">
      <h2 id="meters" i18n>Your meters</h2>
      <p class="muted" i18n>
        A meter counts for you once you and an administrator have both signed that it is yours. On the chain stands a
        salted number of it, never its name.
      </p>
      <cw-failure [of]="points.failure()" />
      @for (point of points.value() ?? []; track point.pointId) {
        <div class="stack" [attr.data-point]="point.pointId">
          <p>
            <span class="hex" [title]="point.pointId">{{ point.pointId | shortHex }}</span>
            @if (point.kind === production) {
              <ng-container i18n>behind a plant, yours since {{ point.validFrom | moment }}</ng-container>
            } @else {
              <ng-container i18n>at the grid, yours since {{ point.validFrom | moment }}</ng-container>
            }
            @if (point.validUntil < open) {
              <ng-container i18n>until {{ point.validUntil | moment }}</ng-container>
            }
          </p>
          @if (point.validUntil > now()) {
            <details>
              <summary i18n>Give it up</summary>
              <p class="small muted" i18n>
                From now on its readings count for nobody. What you have sold or bought for later counts as missing
                then, and can cost you a penalty.
              </p>
              <cw-action
                label="This meter is no longer mine"
                i18n-label
                [isQuiet]="true"
                [calls]="release(point.pointId)"
                (finished)="points.reload()"
              />
            </details>
          }
        </div>
      } @empty {
        @if (points.value()) {
          <p class="note warn" data-no-point i18n>No meter is bound to you yet: nothing can be settled or rewarded.</p>
        }
      }
      <details>
        <summary i18n>Sign that a meter is yours</summary>
        <div class="stack">
          <div class="row">
            <cw-text-field
              label="The point's number, from the administrator: 0x and 64 digits"
              i18n-label
              name="point"
              [value]="pointText()"
              (valueChange)="pointText.set($event)"
            />
            <cw-choice-field
              label="Where it measures"
              i18n-label
              name="point-kind"
              [choices]="kinds"
              [value]="kind()"
              (valueChange)="kind.set($event)"
            />
          </div>
          <p class="small muted" i18n>
            You sign: this point is mine from when an administrator agrees, until I give it up. The file is good for a
            week.
          </p>
          <div>
            <button matButton="filled" type="button" [disabled]="!pointId()" (click)="sign()" i18n>
              Sign and save for the administrator
            </button>
          </div>
          <p aria-live="polite" class="small">{{ said() }}</p>
          <cw-failure [of]="failure()" />
        </div>
      </details>
    </section>
  `,
})
export class PointBinding {
  readonly memberId = input.required<Hex>();
  private readonly bindings = inject(BindingService);
  private readonly when = injectOwnMoment();
  protected readonly now = inject(ChainService).now;
  protected readonly kinds = KINDS;
  protected readonly production = PointKind.Production;
  /** Ends beyond any calendar stand for none. */
  protected readonly open = 2 ** 40 - 1;

  protected readonly points = loaded(
    () => (this.when() ? { memberId: this.memberId(), block: this.when()?.block } : undefined),
    ({ memberId }) => this.bindings.pointsOf(memberId),
  );
  protected readonly pointText = signal('');
  protected readonly kind = signal(PointKind.Exchange);
  protected readonly pointId = computed(() => {
    const text = this.pointText().trim().toLowerCase();
    return /^0x[0-9a-f]{64}$/.test(text) ? (text as Hex) : null;
  });
  protected readonly said = signal('');
  protected readonly failure = signal<unknown>(null);

  protected async sign(): Promise<void> {
    const pointId = this.pointId();
    if (!pointId) return;
    this.failure.set(null);
    this.said.set('');
    try {
      saveFile('meter.json', await this.bindings.signed(this.memberId(), pointId, this.kind()));
      this.said.set($localize`Signed and saved. Hand the file to an administrator within a week.`);
    } catch (error) {
      if (error instanceof RefusedByUser) this.said.set(error.message);
      else this.failure.set(error);
    }
  }

  protected release(pointId: Hex): () => readonly Call[] {
    return () => this.bindings.release(pointId);
  }
}
