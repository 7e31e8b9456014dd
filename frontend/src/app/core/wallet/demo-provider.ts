/**
 * A wallet for trying out, on the embedded chain alone: the accounts of the mnemonic that Anvil prints for everybody.
 *
 * They are no secret and hold nothing of worth. The provider refuses every chain that is not the embedded one, asked
 * again before each signature; no key is stored.
 */

import {
  createPublicClient,
  hexToString,
  http,
  isHex,
  numberToHex,
  type EIP1193Provider,
  type TypedDataDefinition,
} from 'viem';
import { mnemonicToAccount } from 'viem/accounts';

import { EMBEDDED_CHAIN_ID } from '../chain/network';
import type { Hex } from '../market/units';

const EVERYBODYS = 'test test test test test test test test test test test junk';

interface TransactionRequest {
  readonly to: Hex;
  readonly data?: Hex;
  readonly gas?: Hex;
}

export function demoProvider(rpcUrl: string, addressIndex: number): EIP1193Provider {
  const account = mnemonicToAccount(EVERYBODYS, { addressIndex });
  const client = createPublicClient({ transport: http(rpcUrl) });

  const requireEmbedded = async (): Promise<void> => {
    const [chainId, version] = await Promise.all([
      client.getChainId(),
      client.request({ method: 'web3_clientVersion' } as never) as Promise<string>,
    ]);
    if (chainId !== EMBEDDED_CHAIN_ID || !version.startsWith('anvil/')) {
      throw new Error('accounts for trying out exist on the embedded chain alone');
    }
  };

  const send = async (request: TransactionRequest): Promise<Hex> => {
    await requireEmbedded();
    const nonce = await client.getTransactionCount({ address: account.address, blockTag: 'pending' });
    const serialized = await account.signTransaction({
      type: 'eip1559',
      chainId: EMBEDDED_CHAIN_ID,
      nonce,
      to: request.to,
      data: request.data,
      gas: BigInt(request.gas ?? '0x7a120'),
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
    });
    return client.sendRawTransaction({ serializedTransaction: serialized });
  };

  const request = async ({ method, params }: { method: string; params?: unknown }): Promise<unknown> => {
    const given = (params ?? []) as unknown[];
    switch (method) {
      case 'eth_requestAccounts':
      case 'eth_accounts':
        await requireEmbedded();
        return [account.address.toLowerCase()];
      case 'eth_chainId':
        return numberToHex(EMBEDDED_CHAIN_ID);
      case 'personal_sign': {
        await requireEmbedded();
        const text = given[0] as string;
        return account.signMessage({ message: isHex(text) ? hexToString(text) : text });
      }
      case 'eth_signTypedData_v4':
        await requireEmbedded();
        return account.signTypedData(JSON.parse(given[1] as string) as TypedDataDefinition);
      case 'eth_sendTransaction':
        return send(given[0] as TransactionRequest);
      default:
        return client.request({ method, params: given } as never);
    }
  };
  const nothing = (): void => undefined;
  return { request, on: nothing, removeListener: nothing } as unknown as EIP1193Provider;
}
