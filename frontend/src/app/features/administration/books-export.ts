/** The books as files, built in the browser from the chain's events, once every balance agrees with the chain. */

import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MatButtonModule } from '@angular/material/button';

import { ChainService, topicOf, wordOfAddress, type ChainEvent } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { communityTokenAbi, settlementEuroAbi } from '../../core/chain/generated/abis';
import { timed } from '../../core/chain/times';
import type { Hex } from '../../core/market/units';
import { saveFile } from '../../shared/save-file';
import { Failure } from '../../shared/failure';
import { accountCsv, balancesOf, csv, decimal, paymentsCsv, type Booked } from './books-csv';

const TOKEN_DECIMALS = 18;
const EURO_DECIMALS = 6;

interface BookFile {
  readonly name: string;
  readonly content: string;
}

interface Checked {
  readonly accounts: number;
  readonly movements: number;
  /** Accounts whose rebuilt balance is not the chain's. */
  readonly wrong: readonly Hex[];
}

@Component({
  selector: 'cw-books-export',
  imports: [MatButtonModule, Failure],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card stack">
      <h2 i18n>Books</h2>
      <p class="muted" i18n>
        Payments, the treasury's tokens and euro, and everybody's balance, as CSV. Your browser builds them from the
        chain's events alone and compares every balance with the chain before it gives you any file.
      </p>
      <div>
        <button matButton="filled" type="button" [disabled]="isBusy()" (click)="check()" i18n>
          Build and check the books
        </button>
      </div>
      <div aria-live="polite">
        @if (isBusy()) {
          <p class="note" i18n>Reading from the chain …</p>
        }
        @if (checked(); as result) {
          @if (result.wrong.length) {
            <p class="note bad" data-books="wrong" i18n>
              {{ result.wrong.length }} balances do not agree with the chain: no file is given. Ask another node.
            </p>
          } @else {
            <p class="note good" data-books="right" i18n>
              {{ result.accounts }} balances, rebuilt from {{ result.movements }} movements, agree with the chain.
            </p>
            <ul>
              @for (file of files(); track file.name) {
                <li>
                  <button type="button" class="link" [attr.data-file]="file.name" (click)="save(file)">
                    {{ file.name }}
                  </button>
                </li>
              }
            </ul>
          }
        }
      </div>
      <cw-failure [of]="failure()" />
    </section>
  `,
})
export class BooksExport {
  private readonly chain = inject(ChainService);
  private readonly communities = inject(CommunityService);
  protected readonly isBusy = signal(false);
  protected readonly checked = signal<Checked | null>(null);
  protected readonly failure = signal<unknown>(null);

  protected readonly files = signal<readonly BookFile[]>([]);

  protected save({ name, content }: BookFile): void {
    saveFile(name, new Blob([content], { type: 'text/csv' }));
  }

  protected async check(): Promise<void> {
    this.isBusy.set(true);
    this.failure.set(null);
    this.checked.set(null);
    this.files.set([]);
    try {
      await this.build();
    } catch (error) {
      this.failure.set(error);
    } finally {
      this.isBusy.set(false);
    }
  }

  private async build(): Promise<void> {
    const { contracts, firstBlock } = this.communities.require();
    const last = Number(await this.chain.require().getBlockNumber());
    const [treasury, movements] = [contracts.treasury.toLowerCase() as Hex, topicOf(communityTokenAbi, 'Transfer')];
    const paid = topicOf(communityTokenAbi, 'Paid');
    const euroMoved = topicOf(settlementEuroAbi, 'Transfer');
    const [token, out, incoming] = await Promise.all([
      this.chain.events([contracts.token], [[movements, paid]], firstBlock, last),
      this.chain.events([contracts.euro], [euroMoved, wordOfAddress(treasury)], firstBlock, last),
      this.chain.events([contracts.euro], [euroMoved, null, wordOfAddress(treasury)], firstBlock, last),
    ]);
    const euro = [...out, ...incoming].sort((a, b) => a.block - b.block || a.logIndex - b.logIndex);
    const balances = balancesOf(token);
    const onChain = await this.balances([...balances.keys()], last);
    const wrong = [...balances].filter(([account, balance]) => onChain.get(account) !== balance);
    const count = token.filter((event) => event.name === 'Transfer').length;
    this.checked.set({ accounts: balances.size, movements: count, wrong: wrong.map(([account]) => account) });
    if (wrong.length) return;
    const [tokenBooked, euroBooked] = await Promise.all([this.timed(token), this.timed(euro)]);
    const balanceRows = [...balances].map(([account, balance]) => [account, decimal(balance, TOKEN_DECIMALS)]);
    this.files.set([
      { name: 'payments.csv', content: paymentsCsv(tokenBooked) },
      { name: 'treasury_tokens.csv', content: accountCsv(tokenBooked, contracts.token, treasury, TOKEN_DECIMALS) },
      { name: 'treasury_euro.csv', content: accountCsv(euroBooked, contracts.euro, treasury, EURO_DECIMALS) },
      { name: 'balances.csv', content: csv([['account', 'tokens'], ...balanceRows]) },
    ]);
  }

  private async balances(accounts: readonly Hex[], block: number): Promise<Map<Hex, bigint>> {
    const [client, address] = [this.chain.require(), this.communities.require().contracts.token];
    const call = { address, abi: communityTokenAbi, functionName: 'balanceOf', blockNumber: BigInt(block) } as const;
    const found = await Promise.all(accounts.map((account) => client.readContract({ ...call, args: [account] })));
    return new Map(accounts.map((account, at) => [account, found[at]]));
  }

  private async timed(events: readonly ChainEvent[]): Promise<Booked[]> {
    return (await timed(this.chain.require(), events)).map((event) => ({ event, at: event.at }));
  }
}
