/** The oracle operators: what waits for them, who they are, what each attested, and how the service behind does. */

import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';

import { ChainService } from '../../core/chain/chain';
import { injectMoment } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { EurPipe, injectLanguage, ShortHexPipe } from '../../core/text/pipes';
import { Failure } from '../../shared/failure';
import { RewardParameters } from '../administration/reward-parameters';
import { DatasetTable } from './dataset-table';
import { dutiesOf } from './duties';
import { OperatorDesk } from './operator-desk';
import { OracleService } from './oracle';
import { ServiceHealth } from './service-health';
import { SessionVotes } from './session-votes';

@Component({
  selector: 'cw-operators',
  imports: [
    RouterLink,
    EurPipe,
    ShortHexPipe,
    Failure,
    DatasetTable,
    OperatorDesk,
    RewardParameters,
    ServiceHealth,
    SessionVotes,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './operators.html',
  styles: `
    .duties {
      list-style: none;
      margin: 0;
      padding: 0;
      display: grid;
      gap: 0.5rem;
    }
    .duties li {
      margin: 0;
    }
  `,
})
export class OperatorsPage {
  private readonly service = inject(OracleService);
  private readonly chain = inject(ChainService);
  private readonly language = injectLanguage();
  protected readonly oracle = loaded(injectMoment(), () => this.service.read());
  protected readonly duties = computed(() => {
    const found = this.oracle.value();
    return found ? dutiesOf(found, this.chain.now(), this.language) : [];
  });
}
