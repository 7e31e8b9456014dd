/** The oracle operators: who they are, their bonds, and what each of them said of the latest sessions. */

import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { oracleQuorumAbi } from '../../core/chain/generated/abis';
import { SessionsService, type SessionDetail } from '../../core/chain/sessions';
import { loaded } from '../../core/loading';
import type { Hex } from '../../core/market/units';
import { DayPipe, EurPipe, ShortHexPipe } from '../../core/text/pipes';
import { Failure } from '../../shared/failure';
import { StateBadge } from '../../shared/state-badge';

const RECENT = 6;

interface OperatorRow {
  readonly operator: Hex;
  readonly bond: bigint;
  readonly stakes: number;
}

@Component({
  selector: 'cw-operators',
  imports: [RouterLink, DayPipe, EurPipe, ShortHexPipe, StateBadge, Failure],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './operators.html',
})
export class OperatorsPage {
  private readonly communities = inject(CommunityService);
  private readonly chain = inject(ChainService);
  private readonly sessions = inject(SessionsService);

  private readonly when = computed(() => {
    const [community, block] = [this.communities.community(), this.chain.head()?.number];
    return community && block !== undefined ? { block } : undefined;
  });
  protected readonly operators = loaded(this.when, () => this.readOperators());
  protected readonly details = loaded(this.when, async () => {
    const count = await this.sessions.count();
    const ids = Array.from({ length: Math.min(RECENT, count) }, (_, at) => count - at);
    return Promise.all(ids.map((id) => this.sessions.detail(id)));
  });

  /** How many different answers were posted in the present round: more than one is a disagreement. */
  protected answers(session: SessionDetail): number {
    return new Set(session.story.outcomes.filter((one) => one.round === session.book.round).map((one) => one.answer))
      .size;
  }

  private async readOperators(): Promise<{ threshold: number; rows: OperatorRow[] }> {
    const client = this.chain.require();
    const at = { address: this.communities.require().contracts.quorum, abi: oracleQuorumAbi } as const;
    const setId = await client.readContract({ ...at, functionName: 'currentSetId' });
    const set = await client.readContract({ ...at, functionName: 'operatorSet', args: [BigInt(setId)] });
    const bonds = await Promise.all(
      set.operators.map((operator) => client.readContract({ ...at, functionName: 'bondOf', args: [operator] })),
    );
    const rows = set.operators.map((operator, place) => ({
      operator,
      bond: bonds[place].amount,
      stakes: bonds[place].stakes,
    }));
    return { threshold: set.terms.threshold, rows };
  }
}
