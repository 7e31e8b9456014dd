/** When to read again: with every block, for the community that is looked at and, where it matters, the wallet. */

import { computed, inject, type Signal } from '@angular/core';

import { loaded, type Loaded } from '../loading';
import type { Hex } from '../market/units';
import { WalletService } from '../wallet/wallet';
import { ChainService } from './chain';
import { CommunityService, type Community } from './community';
import { roleDigest, type RoleName } from './roles';

export interface Moment {
  readonly community: Community;
  readonly block: number;
}

export interface OwnMoment extends Moment {
  readonly account: Hex;
}

export function injectMoment(): Signal<Moment | undefined> {
  const [communities, chain] = [inject(CommunityService), inject(ChainService)];
  return computed(() => {
    const [community, block] = [communities.community(), chain.head()?.number];
    return community && block !== undefined ? { community, block } : undefined;
  });
}

export function injectOwnMoment(): Signal<OwnMoment | undefined> {
  const [moment, wallet] = [injectMoment(), inject(WalletService)];
  return computed(() => {
    const [now, account] = [moment(), wallet.account()];
    return now && account ? { ...now, account } : undefined;
  });
}

/** Whether the connected wallet holds a role in the community. */
export function injectRole(role: RoleName): Loaded<boolean> {
  const [communities, wallet] = [inject(CommunityService), inject(WalletService)];
  return loaded(
    () => {
      const [community, account] = [communities.community(), wallet.account()];
      return community ? { account } : undefined;
    },
    async ({ account }) => account !== null && communities.hasRole(roleDigest(role), account),
  );
}
