// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CommunityContracts} from "./ICommunity.sol";
import {OperatorTerms} from "./IOracleQuorum.sol";
import {WindowLimits} from "./ISessionHandler.sol";

/// @notice The code that every community's clones run.
struct Implementations {
    address community;
    address treasury;
    address token;
    address sessions;
    address marketplace;
    address quorum;
    address refuter;
    address demands;
    address notary;
    address rewards;
    address desk;
    address services;
    address purchases;
    address loans;
    address works;
}

/// @notice What a new community starts with. `evidenceFrom` is the local day from which on settlements must name
/// notarised datasets, counted from 1970-01-01; the greatest value means: not until the community's admin says so.
struct CommunityParameters {
    string name;
    string tokenSymbol;
    address admin;
    address settlementToken;
    uint40 replacementDelay;
    uint40 noticePeriod;
    uint256 emissionCap;
    uint32 evidenceFrom;
    uint40 leaverPeriod;
    WindowLimits windowLimits;
    OperatorTerms operatorTerms;
    address[] operators;
}

/// @title Creates energy communities, each a set of minimal clones
interface ICommunityFactory {
    /// @notice Thrown when an implementation has no code.
    error NotAContract(address account);

    /// @notice Thrown when the settlement token does not count in millionths.
    error WrongDecimals(address token, uint8 decimals, uint8 required);

    /// @notice Thrown when the community's name or symbol is empty.
    error EmptyName();

    /// @notice Thrown when the notice of changes and payments is outside what the code allows.
    error NoticePeriodOutOfRange(uint256 period, uint256 least, uint256 most);

    /// @notice Thrown when there is no community of that number.
    error UnknownCommunity(uint256 index, uint256 count);

    /// @notice Emitted when a community was created.
    event CommunityCreated(
        uint256 indexed index,
        address indexed community,
        string name,
        address settlementToken,
        CommunityContracts contracts
    );

    /// @notice Creates a community in one transaction. Platform admin only.
    /// @return contracts The addresses of the new community's contracts.
    function createCommunity(
        CommunityParameters calldata parameters
    ) external returns (CommunityContracts memory contracts);

    /// @notice How many communities exist.
    function communityCount() external view returns (uint256);

    /// @notice The contracts of a community by its number.
    function communityAt(uint256 index) external view returns (CommunityContracts memory);

    /// @notice The code that clones run.
    function implementations() external view returns (Implementations memory);
}
