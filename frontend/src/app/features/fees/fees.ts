/** What payments in tokens cost and earn, kind by kind, and the amounts beside; changed with the community's notice. */

import { ChangeDetectionStrategy, Component, inject } from '@angular/core';

import { ChainService } from '../../core/chain/chain';
import { communityTokenAbi } from '../../core/chain/generated/abis';
import { injectMoment, injectRole } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { exactDecimal } from '../../core/text/figures';
import { DurationPipe, injectLanguage, MomentPipe } from '../../core/text/pipes';
import { Failure } from '../../shared/failure';
import { CATEGORY_NAMES } from '../tokens/categories';
import { Amounts } from './amounts';
import { Emission } from './emission';
import { FeeChange } from './fee-change';
import { readCaps, readRows } from './rows';

@Component({
  selector: 'cw-fees',
  imports: [Amounts, Emission, Failure, FeeChange, DurationPipe, MomentPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './fees.html',
})
export class FeesPage {
  private readonly chain = inject(ChainService);
  private readonly language = injectLanguage();
  private readonly when = injectMoment();
  protected readonly names = CATEGORY_NAMES;
  protected readonly isAdmin = injectRole('TOKEN_ADMIN');

  protected readonly rows = loaded(this.when, ({ community: { contracts } }) =>
    readRows(this.chain.require(), contracts.token),
  );
  protected readonly fixed = loaded(this.when, async ({ community: { contracts } }) => {
    const [client, address] = [this.chain.require(), contracts.token];
    const [caps, notice] = await Promise.all([
      readCaps(client, address),
      client.readContract({ address, abi: communityTokenAbi, functionName: 'noticePeriod' }),
    ]);
    return { caps, notice };
  });

  protected percent(bps: number): string {
    return `${exactDecimal(BigInt(bps), 2, 0, this.language)} %`;
  }
}
