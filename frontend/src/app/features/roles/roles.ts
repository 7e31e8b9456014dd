/** Who has which role; the chief administrator gives and takes roles. None of them reaches a member's money. */

import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { isAddress } from 'viem';

import { ChainService, topicOf } from '../../core/chain/chain';
import { CommunityService } from '../../core/chain/community';
import { communityAbi } from '../../core/chain/generated/abis';
import { roleDigest, roleName, ROLE_NAMES, type RoleName } from '../../core/chain/roles';
import { loaded } from '../../core/loading';
import { ZERO_HASH } from '../../core/market/bytes';
import type { Hex } from '../../core/market/units';
import type { Call } from '../../core/wallet/transactions';
import { WalletService } from '../../core/wallet/wallet';
import { Action } from '../../shared/action';
import { Failure } from '../../shared/failure';

/** What each role lets its holder do. */
const MEANINGS: Readonly<Record<RoleName, string>> = {
  COMMUNITY_ADMIN: $localize`approve, suspend and remove members, replace lost wallets, confirm meters, check and decide exchanges, approve the treasury's payments.`,
  TOKEN_ADMIN: $localize`announce fees, incentives and bonuses, issue tokens to the treasury within the year's cap, propose its payments, record incentives.`,
  ORACLE_ADMIN: $localize`set by which rule energy is rewarded on days to come, and change the set of operators.`,
  MARKET_OPERATOR: $localize`open market sessions.`,
};

interface Holder {
  readonly role: Hex;
  readonly name: string;
  readonly account: Hex;
}

@Component({
  selector: 'cw-roles',
  imports: [Action, Failure],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="page">
      <header>
        <h1 i18n>Roles</h1>
        <p class="lead" i18n>
          Who may approve members, set fees, open sessions. No role can move what a member holds, in escrow or in
          tokens.
        </p>
      </header>
      <cw-failure [of]="holders.failure()" />
      <section class="card scroll" tabindex="0">
        <table class="data">
          <caption i18n>
            Who has a role
          </caption>
          <thead>
            <tr>
              <th scope="col" i18n>Role</th>
              <th scope="col" i18n>Wallet</th>
              @if (isChief.value()) {
                <th scope="col" i18n>As chief administrator</th>
              }
            </tr>
          </thead>
          <tbody>
            @for (holder of holders.value(); track holder.role + holder.account) {
              <tr [attr.data-holder]="holder.account">
                <td>{{ holder.name }}</td>
                <td class="hex">{{ holder.account }}</td>
                @if (isChief.value()) {
                  <td>
                    <cw-action
                      label="Take away"
                      i18n-label
                      doneText="Taken away."
                      i18n-doneText
                      [isQuiet]="true"
                      [calls]="change('revokeRole', holder.role, holder.account)"
                      (finished)="holders.reload()"
                    />
                  </td>
                }
              </tr>
            }
          </tbody>
        </table>
      </section>
      @if (isChief.value()) {
        <section class="card stack" aria-labelledby="grant">
          <h2 id="grant" i18n>Give a role</h2>
          <div class="row">
            <label class="field">
              <span i18n>Role</span>
              <select data-role (change)="role.set(roleOf($event))">
                @for (one of roles; track one) {
                  <option [value]="one">{{ names[one] }}</option>
                }
              </select>
            </label>
            <label class="field">
              <span i18n>The wallet's address</span>
              <input
                class="hex"
                autocomplete="off"
                data-account
                [value]="account()"
                (input)="account.set($any($event.target).value)"
              />
            </label>
          </div>
          @if (isAccount()) {
            <p class="note" data-words>
              <ng-container i18n>{{ account().trim() }} will be able to:</ng-container> {{ means[role()] }}
              <ng-container i18n
                >It can move nobody's money, and you or another chief administrator can take the role away
                again.</ng-container
              >
            </p>
          }
          <cw-action
            label="Give the role"
            i18n-label
            doneText="Given."
            i18n-doneText
            [isDisabled]="!isAccount()"
            [calls]="grant"
            (finished)="holders.reload()"
          />
        </section>
      }
    </div>
  `,
})
export class RolesPage {
  private readonly communities = inject(CommunityService);
  private readonly chain = inject(ChainService);
  private readonly wallet = inject(WalletService);
  protected readonly names = ROLE_NAMES;
  protected readonly means = MEANINGS;
  protected readonly roles = Object.keys(ROLE_NAMES) as RoleName[];
  protected readonly role = signal<RoleName>(this.roles[0]);
  protected readonly account = signal('');
  protected readonly isAccount = computed(() => isAddress(this.account().trim()));

  protected readonly holders = loaded(
    () => {
      const [community, block] = [this.communities.community(), this.chain.head()?.number];
      return community && block !== undefined ? { block } : undefined;
    },
    () => this.read(),
  );
  protected readonly isChief = loaded(
    () => {
      const [community, account] = [this.communities.community(), this.wallet.account()];
      return community ? { account } : undefined;
    },
    async ({ account }) => account !== null && this.communities.hasRole(ZERO_HASH, account),
  );

  protected roleOf(event: Event): RoleName {
    return (event.target as HTMLSelectElement).value as RoleName;
  }

  protected readonly grant = (): readonly Call[] =>
    this.change('grantRole', roleDigest(this.role()), this.account().trim() as Hex)();

  protected change(functionName: 'grantRole' | 'revokeRole', role: Hex, account: Hex): () => readonly Call[] {
    return () => {
      const address = this.communities.require().contracts.community;
      return [{ address, abi: communityAbi, functionName, args: [role, account] }];
    };
  }

  private async read(): Promise<Holder[]> {
    const { contracts, firstBlock } = this.communities.require();
    const topics = [['RoleGranted', 'RoleRevoked'].map((name) => topicOf(communityAbi, name))];
    const holders = new Map<string, Holder>();
    for (const event of await this.chain.events([contracts.community], topics, firstBlock)) {
      const [role, account] = [event.args['role'] as Hex, event.args['account'] as Hex];
      if (event.name === 'RoleGranted') holders.set(role + account, { role, account, name: roleName(role) });
      else holders.delete(role + account);
    }
    return [...holders.values()];
  }
}
