/** Roles of a community: their digests on the chain, and their names for people. */

import { keccak256, stringToBytes } from 'viem';

import type { Hex } from '../market/units';
import { shortHex } from '../text/figures';

export type RoleName = 'COMMUNITY_ADMIN' | 'TOKEN_ADMIN' | 'ORACLE_ADMIN' | 'MARKET_OPERATOR';

export function roleDigest(role: RoleName): Hex {
  return keccak256(stringToBytes(`${role}_ROLE`));
}

export const ROLE_NAMES: Readonly<Record<RoleName, string>> = {
  COMMUNITY_ADMIN: $localize`community administrator`,
  TOKEN_ADMIN: $localize`token administrator`,
  ORACLE_ADMIN: $localize`oracle administrator`,
  MARKET_OPERATOR: $localize`market operator`,
};

/** The name of a role by its digest. */
export function roleName(digest: string): string {
  if (/^0x0{64}$/.test(digest)) return $localize`chief administrator`;
  for (const [role, name] of Object.entries(ROLE_NAMES)) {
    if (roleDigest(role as RoleName) === digest) return name;
  }
  return shortHex(digest);
}
