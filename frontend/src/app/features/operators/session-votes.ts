/** Who attested what of the latest sessions: one line for each answer, so that a disagreement is seen at once. */

import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';

import type { Hex } from '../../core/market/units';
import { DayPipe, ShortHexPipe } from '../../core/text/pipes';
import { StateBadge } from '../../shared/state-badge';
import type { Oracle } from './oracle';

interface AnswerLine {
  readonly answer: Hex;
  readonly voters: readonly Hex[];
  readonly isAccepted: boolean;
}

@Component({
  selector: 'cw-session-votes',
  imports: [RouterLink, DayPipe, ShortHexPipe, StateBadge],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card scroll" tabindex="0">
      <table class="data">
        <caption i18n>
          Who attested what of the latest sessions
        </caption>
        <thead>
          <tr>
            <th scope="col" i18n>Session</th>
            <th scope="col" i18n>State</th>
            <th scope="col" class="number" i18n>Round</th>
            <th scope="col" i18n>Outcome</th>
            <th scope="col" i18n>Settlement</th>
          </tr>
        </thead>
        <tbody>
          @for (row of rows(); track row.session.id) {
            <tr [attr.data-session]="row.session.id">
              <td>
                <a [routerLink]="['/market', row.session.id]"
                  >{{ row.session.id }} · {{ row.session.parameters.deliveryStart | day }}</a
                >
              </td>
              <td><cw-state-badge [state]="row.session.state" /></td>
              <td class="number">{{ row.session.book.round }}</td>
              @for (stage of row.stages; track stage.name) {
                <td [attr.data-stage]="stage.name" [attr.data-answers]="stage.answers.length">
                  @if (stage.answers.length > 1) {
                    <span class="badge bad" i18n>{{ stage.answers.length }} answers differ</span>
                  }
                  @for (line of stage.answers; track line.answer) {
                    <p class="answer">
                      <span class="hex">{{ line.answer | shortHex }}</span>
                      @if (line.isAccepted) {
                        <span class="badge good" i18n>accepted</span>
                      }
                      <span class="muted small">
                        @for (voter of line.voters; track voter) {
                          <span class="hex voter">{{ voter | shortHex }}</span>
                        }
                      </span>
                    </p>
                  } @empty {
                    <span class="muted">–</span>
                  }
                </td>
              }
            </tr>
          } @empty {
            <tr>
              <td colspan="5" class="muted" i18n>No session has been opened yet.</td>
            </tr>
          }
        </tbody>
      </table>
    </section>
  `,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
    .answer {
      margin: 0.25rem 0 0;
      display: flex;
      flex-wrap: wrap;
      gap: 0.25rem 0.5rem;
    }
    .voter {
      margin-inline-end: 0.5rem;
    }
  `,
})
export class SessionVotes {
  readonly oracle = input.required<Oracle>();
  protected readonly rows = computed(() =>
    this.oracle().sessions.map((session) => ({
      session,
      stages: [
        { name: 'outcome', answers: this.lines(session.outcomeQuestion) },
        { name: 'settlement', answers: this.lines(session.settlementQuestion) },
      ],
    })),
  );

  private lines(question: Hex): AnswerLine[] {
    const ballot = this.oracle().ballots.get(question);
    return [...(ballot?.answers ?? [])].map(([answer, voters]) => ({
      answer,
      voters,
      isAccepted: ballot?.accepted === answer,
    }));
  }
}
