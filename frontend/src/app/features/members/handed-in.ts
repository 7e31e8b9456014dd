/** Files that members sign and an administrator hands in: a wallet's replacement, and a point's binding. */

import { isAddress, isHex } from 'viem';

import { communityTypedData } from '../../core/chain/signing';
import type { Hex } from '../../core/market/units';
import { BINDING_FORMAT, PointKind } from '../join/binding';
import { REPLACEMENT_FORMAT } from '../wallet/replacement';

export interface HandedReplacement {
  readonly what: 'replacement';
  readonly oldWallet: Hex;
  readonly newWallet: Hex;
  readonly deadline: number;
  readonly signature: Hex;
}

export interface HandedBinding {
  readonly what: 'binding';
  readonly binding: {
    readonly pointId: Hex;
    readonly memberId: Hex;
    readonly kind: PointKind;
    readonly validFrom: number;
    readonly validUntil: number;
    readonly documentHash: Hex;
    readonly number: number;
    readonly deadline: number;
  };
  readonly signature: Hex;
  readonly salt: Hex;
}

export type Handed = HandedReplacement | HandedBinding;

/** A file that is none of the two, or not for this community. */
export class NotHandedIn extends Error {}

type Fields = Readonly<Record<string, unknown>>;

/** What a file holds. Throws `NotHandedIn` where it is none of the two, broken, or of another community. */
export function readHanded(text: string, community: Hex): Handed {
  const fields = fieldsOf(text);
  if (fields['format'] !== REPLACEMENT_FORMAT && fields['format'] !== BINDING_FORMAT) {
    throw new NotHandedIn(
      $localize`This file is neither a new wallet's nor a point's. A member makes them under “Wallet” and “Join”.`,
    );
  }
  if (String(fields['community']).toLowerCase() !== community.toLowerCase()) {
    throw new NotHandedIn($localize`This file was signed for another community. Choose that one under “Network”.`);
  }
  return fields['format'] === REPLACEMENT_FORMAT ? replacement(fields) : binding(fields);
}

/** What was signed, for the signature to be checked. */
export function signedData(handed: Handed, chainId: number, community: Hex): ReturnType<typeof communityTypedData> {
  if (handed.what === 'binding') return communityTypedData(chainId, community, 'PointBinding', handed.binding);
  const { oldWallet, newWallet, deadline } = handed;
  return communityTypedData(chainId, community, 'WalletReplacement', { oldWallet, newWallet, deadline });
}

function replacement(fields: Fields): HandedReplacement {
  return {
    what: 'replacement',
    oldWallet: address(fields, 'oldWallet'),
    newWallet: address(fields, 'newWallet'),
    deadline: whole(fields, 'deadline'),
    signature: octets(fields, 'signature'),
  };
}

function binding(fields: Fields): HandedBinding {
  const kinds: Readonly<Record<string, PointKind>> = {
    exchange: PointKind.Exchange,
    production: PointKind.Production,
  };
  const kind = kinds[String(fields['kind'])];
  if (!kind) throw broken('kind');
  return {
    what: 'binding',
    binding: {
      pointId: octets(fields, 'pointId', 32),
      memberId: octets(fields, 'memberId', 32),
      kind,
      validFrom: whole(fields, 'validFrom'),
      validUntil: whole(fields, 'validUntil'),
      documentHash: octets(fields, 'documentHash', 32),
      number: whole(fields, 'number'),
      deadline: whole(fields, 'deadline'),
    },
    signature: octets(fields, 'signature'),
    salt: octets(fields, 'salt', 32),
  };
}

function fieldsOf(text: string): Fields {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null ? (found as Fields) : {};
  } catch {
    return {};
  }
}

function address(fields: Fields, name: string): Hex {
  const found = fields[name];
  if (typeof found !== 'string' || !isAddress(found, { strict: false })) throw broken(name);
  return found.toLowerCase() as Hex;
}

function octets(fields: Fields, name: string, bytes?: number): Hex {
  const found = fields[name];
  if (!isHex(found) || found.length % 2 || (bytes !== undefined && found.length !== 2 + 2 * bytes)) throw broken(name);
  return found;
}

function whole(fields: Fields, name: string): number {
  const found = fields[name];
  if (!Number.isSafeInteger(found) || (found as number) < 0) throw broken(name);
  return found as number;
}

function broken(name: string): NotHandedIn {
  return new NotHandedIn($localize`The file is broken at “${name}:field:”. Have it made and signed again.`);
}
