// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EnergyProfile} from "./ICommunity.sol";
import {IDeals} from "./IDeals.sol";
import {IListings, ListingTerms} from "./IListings.sol";

/// @title What the community pays its members in tokens: work for it, and bonuses for energy
/// @notice The budget is what this contract holds beyond its escrow. It comes from the treasury by the treasury's own rule:
/// two persons and a notice. What is not used goes back there.
interface ICommunityWorks is IDeals, IListings {
    /// @notice Thrown when the budget is smaller than what is asked for.
    error BudgetTooSmall(uint256 amount, uint256 budget);

    /// @notice Thrown when the bonus for an incentive was confirmed before, or is not confirmed.
    error WrongBonusState(uint256 incentiveId);

    /// @notice Thrown when the wallet has no share in the incentive that was paid out to it.
    error NoShareInIncentive(uint256 incentiveId, address wallet);

    /// @notice Thrown when the member got the bonus of this incentive before.
    error BonusTaken(uint256 incentiveId, bytes32 memberId);

    /// @notice Emitted when budget went back to the treasury.
    event BudgetReturned(uint256 amount);

    /// @notice Emitted when an admin confirmed the energy bonuses that go with an incentive, by profile.
    event EnergyBonusConfirmed(
        uint256 indexed incentiveId,
        address indexed admin,
        uint256 consumer,
        uint256 prosumer,
        uint256 prostormer
    );

    /// @notice Emitted when a member got the energy bonus of an incentive.
    event EnergyBonusPaid(
        uint256 indexed incentiveId,
        bytes32 indexed memberId,
        address indexed wallet,
        EnergyProfile profile,
        uint256 amount
    );

    /// @notice Asks for work for the community; the budget for all places is set aside at once. Community admin only.
    function requestWork(ListingTerms calldata terms) external returns (uint256 listingId);

    /// @notice Gives budget back to the treasury. Token admin only.
    function returnBudget(uint256 amount) external;

    /// @notice Confirms the token bonus that goes with an incentive in euro, at the amounts now in force. Community admin.
    function confirmEnergyBonus(uint256 incentiveId) external;

    /// @notice Pays a citizen's bonus by its profile, once its share of the incentive was paid out. Anybody for it.
    function claimEnergyBonus(uint256 incentiveId, address wallet) external;

    /// @notice What may still be promised.
    function budget() external view returns (uint256);

    /// @notice The bonus of an incentive by profile, and whether it is confirmed.
    function energyBonusOf(uint256 incentiveId) external view returns (uint96[3] memory amounts, bool isConfirmed);

    /// @notice Whether a member got the bonus of an incentive.
    function isBonusTaken(uint256 incentiveId, bytes32 memberId) external view returns (bool);
}
