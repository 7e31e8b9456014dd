/** What the service's own operator keeps: its findings about others, what it could not take on, anomalies by code. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { MatButtonModule } from '@angular/material/button';

import { ApiClient, ApiProblem, type Schema } from '../../core/api/client';
import { SignInService } from '../../core/api/sign-in';
import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { loaded } from '../../core/loading';
import { localDay } from '../../core/market/calendar';
import { WalletService } from '../../core/wallet/wallet';
import { Failure } from '../../shared/failure';
import { TextField } from '../../shared/text-field';
import { anomalyName, anomalyTone } from './anomalies';

const DAY_S = 86_400;
const USUAL_DAYS = 7;

interface Kept {
  readonly standing: Schema<'OperatorStanding'> | null;
  readonly findings: readonly Schema<'Finding'>[];
  readonly anomalies: readonly Schema<'AnomalyCount'>[];
}

@Component({
  selector: 'cw-operator-desk',
  imports: [RouterLink, MatButtonModule, Failure, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './operator-desk.html',
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
  `,
})
export class OperatorDesk {
  private readonly api = inject(ApiClient);
  private readonly communities = inject(CommunityService);
  private readonly chain = inject(ChainService);
  protected readonly signIn = inject(SignInService);
  protected readonly wallet = inject(WalletService);
  protected readonly anomalyName = anomalyName;
  protected readonly anomalyTone = anomalyTone;
  protected readonly refused = signal<unknown>(null);

  private readonly chosenFirst = signal<string | null>(null);
  private readonly chosenLast = signal<string | null>(null);
  private readonly today = computed(() => (this.chain.head() ? localDay(this.chain.now()) : ''));
  protected readonly last = computed(() => this.chosenLast() ?? this.today());
  protected readonly first = computed(
    () => this.chosenFirst() ?? (this.today() && localDay(this.chain.now() - (USUAL_DAYS - 1) * DAY_S)),
  );
  private readonly asked = computed(
    () => {
      const [community, first, last] = [this.communities.community()?.contracts.community, this.first(), this.last()];
      return community && this.signIn.isSignedIn() && first && last ? { community, first, last } : undefined;
    },
    { equal: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  protected readonly kept = loaded(this.asked, ({ community, first, last }) => this.read(community, first, last));

  protected readonly chooseFirst = (day: string): void => this.chosenFirst.set(day);
  protected readonly chooseLast = (day: string): void => this.chosenLast.set(day);

  protected async show(): Promise<void> {
    this.refused.set(null);
    try {
      await this.signIn.ensure();
    } catch (error) {
      this.refused.set(error);
    }
  }

  private async read(community: string, first: string, last: string): Promise<Kept> {
    await this.signIn.ensure();
    const at = `/v1/communities/${community}/operator` as const;
    const [standing, findings, anomalies] = await Promise.all([
      this.api.ask<Schema<'OperatorStanding'>>(`${at}/standing`).catch(noneYet),
      this.api.ask<{ items: Schema<'Finding'>[] }>(`${at}/findings?limit=20`),
      this.api.ask<Schema<'AnomalyCount'>[]>(`${at}/anomalies?from=${first}&to=${last}`),
    ]);
    return { standing, findings: findings.items, anomalies: [...anomalies].reverse() };
  }
}

/** An operator that has not begun has no standing; anything else went wrong. */
function noneYet(error: unknown): null {
  if (error instanceof ApiProblem && error.code === 'not_yet') return null;
  throw error;
}
