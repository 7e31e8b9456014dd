/** From an error that a call met to the contract's custom error, and from that to a sentence. */

import { BaseError, decodeErrorResult, toFunctionSelector, type Abi, type AbiParameter } from 'viem';

import type { Hex } from '../market/units';
import type { Language } from '../text/figures';
import * as abis from './generated/abis';
import { SENTENCES, type Values } from './sentences';

export interface Refusal {
  readonly name: string;
  readonly values: Values;
}

interface AbiError {
  readonly type: 'error';
  readonly name: string;
  readonly inputs: readonly AbiParameter[];
}

/** Every custom error of every contract that the page knows, by its selector. */
export const ERRORS: ReadonlyMap<Hex, AbiError> = new Map(
  Object.values(abis).flatMap((abi) =>
    (abi as Abi)
      .filter((item): item is AbiError => item.type === 'error')
      .map((item) => [toFunctionSelector(`${item.name}(${item.inputs.map(signatureOf).join(',')})`), item]),
  ),
);

/** The custom error in what a call, an estimate or a wallet threw; null if it is something else. */
export function refusalOf(error: unknown): Refusal | null {
  const data = revertData(error);
  const found = data ? ERRORS.get(data.slice(0, 10) as Hex) : undefined;
  if (!data || !found) return null;
  const decoded = decodeErrorResult({ abi: [found], data });
  const given = (decoded.args ?? []) as readonly unknown[];
  return {
    name: found.name,
    values: Object.fromEntries(found.inputs.map((input, at) => [input.name ?? String(at), given[at]])),
  };
}

/** What happened and what to do, in the reader's language. */
export function sentenceOf(refusal: Refusal, language: Language): string {
  const known = SENTENCES[refusal.name];
  if (known) return known(refusal.values, language);
  const values = Object.entries(refusal.values).map(([name, value]) => `${name} ${String(value)}`);
  const said = values.length ? ` (${values.join(', ')})` : '';
  return $localize`The contract refused: ${refusal.name + said}:refusal:.`;
}

function revertData(error: unknown): Hex | null {
  let found: unknown = error;
  for (let depth = 0; depth < 12 && typeof found === 'object' && found !== null; depth++) {
    const { data, raw, cause } = found as { data?: unknown; raw?: unknown; cause?: unknown };
    for (const candidate of [raw, data, (data as { data?: unknown } | undefined)?.data]) {
      if (typeof candidate === 'string' && /^0x[0-9a-f]{8}/i.test(candidate)) return candidate as Hex;
    }
    found = cause ?? (found instanceof BaseError ? undefined : (found as { error?: unknown }).error);
  }
  return null;
}

function signatureOf(parameter: AbiParameter): string {
  const { type } = parameter;
  if (!type.startsWith('tuple')) return type;
  const components = (parameter as { components: readonly AbiParameter[] }).components;
  return `(${components.map(signatureOf).join(',')})${type.slice('tuple'.length)}`;
}
