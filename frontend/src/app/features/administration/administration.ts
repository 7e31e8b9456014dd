/** What administrators do, each by its role: treasury, sessions, operators, incentives, rewards, books, new communities. */

import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';

import { BooksExport } from './books-export';
import { Incentives } from './incentives';
import { NewCommunity } from './new-community';
import { OperatorSetForm } from './operator-set';
import { RewardParameters } from './reward-parameters';
import { SessionsPanel } from './sessions-panel';
import { StakeholderDesk } from './stakeholder-desk';
import { TreasuryPanel } from './treasury-panel';

const AREAS = [
  { id: 'treasury', name: $localize`Treasury` },
  { id: 'sessions', name: $localize`Market sessions` },
  { id: 'operators', name: $localize`Set of operators` },
  { id: 'incentives', name: $localize`Incentives in euro` },
  { id: 'desk', name: $localize`Stakeholders' desk` },
  { id: 'rewards', name: $localize`Reward parameters` },
  { id: 'books', name: $localize`Books` },
  { id: 'create', name: $localize`New community` },
] as const;

@Component({
  selector: 'cw-administration',
  imports: [
    RouterLink,
    BooksExport,
    Incentives,
    NewCommunity,
    OperatorSetForm,
    RewardParameters,
    SessionsPanel,
    StakeholderDesk,
    TreasuryPanel,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="page">
      <header>
        <h1 i18n>Administration</h1>
        <p class="lead" i18n>
          Everybody can look; each action needs its role, which the contract checks. No role reaches a member's own
          money.
        </p>
      </header>
      <nav class="row" aria-label="Parts of the administration" i18n-aria-label>
        @for (one of areas; track one.id) {
          <a
            [routerLink]="['/administration', one.id]"
            class="badge"
            [class.good]="one.id === area()"
            [attr.aria-current]="one.id === area() ? 'page' : null"
            >{{ one.name }}</a
          >
        }
        <a routerLink="/roles" class="badge" i18n>Roles</a>
        <a routerLink="/members" class="badge" i18n>Applications and members</a>
        <a routerLink="/fees" class="badge" i18n>Fees and incentives</a>
        <a routerLink="/services/exchanges" class="badge" i18n>Disputes and checks</a>
        <a routerLink="/services/works" class="badge" i18n>Work for the community</a>
      </nav>
      @switch (area()) {
        @case ('sessions') {
          <cw-sessions-panel />
        }
        @case ('operators') {
          <cw-operator-set />
        }
        @case ('incentives') {
          <cw-incentives />
        }
        @case ('desk') {
          <cw-stakeholder-desk />
        }
        @case ('rewards') {
          <cw-reward-parameters />
        }
        @case ('books') {
          <cw-books-export />
        }
        @case ('create') {
          <cw-new-community />
        }
        @default {
          <cw-treasury-panel />
        }
      }
    </div>
  `,
})
export class AdministrationPage {
  /** Which part is shown; from the address. */
  readonly area = input<string>('treasury');
  protected readonly areas = AREAS;
}
