/** Creating a community in one transaction; the platform administrator alone. What is fixed for good is said. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { getAddress, isAddress, keccak256, stringToBytes } from 'viem';

import { ChainService } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { communityFactoryAbi } from '../../core/chain/generated/abis';
import { NetworkService } from '../../core/chain/network';
import { injectMoment } from '../../core/chain/when';
import { loaded } from '../../core/loading';
import { parseDecimal, type Hex } from '../../core/market/units';
import type { Call } from '../../core/wallet/transactions';
import { WalletService } from '../../core/wallet/wallet';
import { Action } from '../../shared/action';
import { TextField } from '../../shared/text-field';
import { wholeOf } from '../services/whole';

const DAY_S = 86_400;
const MINUTE_S = 60;
/** Evidence is required from the day on that the community's administrator says later. */
const EVIDENCE_OPEN = 0xffffffff;
const PLATFORM_ADMIN: Hex = keccak256(stringToBytes('PLATFORM_ADMIN_ROLE'));

@Component({
  selector: 'cw-new-community',
  imports: [Action, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './new-community.html',
})
export class NewCommunity {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  private readonly networks = inject(NetworkService);
  private readonly wallet = inject(WalletService);
  private readonly when = injectMoment();

  protected readonly name = signal('');
  protected readonly symbol = signal('CWT');
  protected readonly admin = signal('');
  protected readonly operators = signal('');
  protected readonly bond = signal('100');
  protected readonly noticeDays = signal('1');
  protected readonly replacementDays = signal('30');
  protected readonly leaverDays = signal('365');
  protected readonly emission = signal('1000000');

  /** With its checksum, which some wallets ask for. */
  protected readonly factory = computed(() => {
    const factory = this.networks.network()?.factory;
    return factory ? getAddress(factory) : null;
  });
  protected readonly isPlatformAdmin = loaded(
    () => {
      const [moment, account, factory] = [this.when(), this.wallet.account(), this.factory()];
      return moment && factory ? { account, factory } : undefined;
    },
    async ({ account, factory }) => {
      if (account === null) return false;
      const call = { address: factory, abi: communityFactoryAbi, functionName: 'hasRole' } as const;
      return this.chain.require().readContract({ ...call, args: [PLATFORM_ADMIN, account] });
    },
  );

  /** The operators, apart by spaces or commas; null where one of them is no address or comes twice. */
  protected readonly operatorList = computed((): readonly Hex[] | null => {
    const texts = this.operators()
      .split(/[\s,;]+/)
      .filter(Boolean);
    if (texts.length === 0 || !texts.every((text) => isAddress(text))) return null;
    const found = texts.map((text) => getAddress(text));
    return new Set(found).size === found.length ? found : null;
  });
  /** The least majority. */
  protected readonly threshold = computed(() => Math.floor((this.operatorList()?.length ?? 0) / 2) + 1);
  private readonly figures = computed(() => ({
    bond: parseDecimal(this.bond(), 6),
    notice: wholeOf(this.noticeDays(), 365),
    replacement: wholeOf(this.replacementDays(), 365),
    leaver: this.leaverDays().trim() === '0' ? 0 : wholeOf(this.leaverDays(), 3650),
    emission: wholeOf(this.emission(), 999_999_999),
  }));
  protected readonly isReady = computed(() => {
    const isNamed = this.name().trim() !== '' && this.symbol().trim() !== '' && isAddress(this.admin().trim());
    const isFilled = Object.values(this.figures()).every((figure) => figure !== null);
    return isNamed && isFilled && this.operatorList() !== null;
  });

  protected readonly create = (): readonly Call[] => {
    const [factory, { bond, notice, replacement, leaver, emission }] = [this.factory(), this.figures()];
    if (!factory) return [];
    const parameters = {
      name: this.name().trim(),
      tokenSymbol: this.symbol().trim(),
      admin: this.admin().trim(),
      settlementToken: this.communities.require().contracts.euro,
      replacementDelay: (replacement ?? 0) * DAY_S,
      noticePeriod: (notice ?? 0) * DAY_S,
      emissionCap: BigInt(emission ?? 0) * 10n ** 18n,
      evidenceFrom: EVIDENCE_OPEN,
      leaverPeriod: (leaver ?? 0) * DAY_S,
      windowLimits: {
        commit: MINUTE_S,
        reveal: MINUTE_S,
        challenge: MINUTE_S,
        settlement: DAY_S,
        execution: DAY_S,
      },
      operatorTerms: { threshold: this.threshold(), bond: bond ?? 0n, bondShareBps: 1000 },
      operators: this.operatorList() ?? [],
    };
    return [{ address: factory, abi: communityFactoryAbi, functionName: 'createCommunity', args: [parameters] }];
  };

  protected readonly created = async (): Promise<void> => {
    // The service learns of the community from the chain a block later; the list of communities is read anew then.
    await this.networks.load();
  };
}
