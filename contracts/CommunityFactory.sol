// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

import {Community} from "./Community.sol";
import {CommunityToken} from "./CommunityToken.sol";
import {MeasurementNotary} from "./MeasurementNotary.sol";
import {OracleQuorum} from "./OracleQuorum.sol";
import {Refuter} from "./Refuter.sol";
import {RewardModels} from "./RewardModels.sol";
import {SessionHandler} from "./SessionHandler.sol";
import {StakeholderDesk} from "./StakeholderDesk.sol";
import {TokenEscrow} from "./TokenEscrow.sol";
import {Treasury} from "./Treasury.sol";
import {TreeDemands} from "./TreeDemands.sol";
import {CommunityContracts} from "./interfaces/ICommunity.sol";
import {CommunityParameters, ICommunityFactory, Implementations} from "./interfaces/ICommunityFactory.sol";
import {IMarketplace} from "./interfaces/IMarketplace.sol";

/// @title Creates energy communities, each a set of minimal clones
contract CommunityFactory is ICommunityFactory, AccessControl {
    using Clones for address;

    /// @notice Creates communities.
    bytes32 public constant PLATFORM_ADMIN_ROLE = keccak256("PLATFORM_ADMIN_ROLE");

    uint8 private constant SETTLEMENT_DECIMALS = 6;
    uint40 private constant LEAST_NOTICE_PERIOD = 1 days;
    uint40 private constant MOST_NOTICE_PERIOD = 365 days;

    Implementations private _implementations;
    CommunityContracts[] private _communities;

    constructor(address platformAdmin, Implementations memory implementations_) {
        _requireCode(implementations_.community);
        _requireCode(implementations_.treasury);
        _requireCode(implementations_.token);
        _requireCode(implementations_.sessions);
        _requireCode(implementations_.marketplace);
        _requireCode(implementations_.quorum);
        _requireCode(implementations_.refuter);
        _requireCode(implementations_.demands);
        _requireCode(implementations_.notary);
        _requireCode(implementations_.rewards);
        _requireCode(implementations_.desk);
        _requireCode(implementations_.services);
        _requireCode(implementations_.purchases);
        _requireCode(implementations_.loans);
        _requireCode(implementations_.works);
        _implementations = implementations_;
        _grantRole(DEFAULT_ADMIN_ROLE, platformAdmin);
        _grantRole(PLATFORM_ADMIN_ROLE, platformAdmin);
    }

    /// @inheritdoc ICommunityFactory
    function createCommunity(
        CommunityParameters calldata parameters
    ) external onlyRole(PLATFORM_ADMIN_ROLE) returns (CommunityContracts memory contracts) {
        if (bytes(parameters.name).length == 0 || bytes(parameters.tokenSymbol).length == 0) revert EmptyName();
        _requireCode(parameters.settlementToken);
        uint8 decimals = IERC20Metadata(parameters.settlementToken).decimals();
        if (decimals != SETTLEMENT_DECIMALS) {
            revert WrongDecimals(parameters.settlementToken, decimals, SETTLEMENT_DECIMALS);
        }
        if (parameters.noticePeriod < LEAST_NOTICE_PERIOD || parameters.noticePeriod > MOST_NOTICE_PERIOD) {
            revert NoticePeriodOutOfRange(parameters.noticePeriod, LEAST_NOTICE_PERIOD, MOST_NOTICE_PERIOD);
        }
        contracts = _clone(parameters.settlementToken);
        _communities.push(contracts);
        emit CommunityCreated(
            _communities.length - 1,
            contracts.community,
            parameters.name,
            parameters.settlementToken,
            contracts
        );
        _initialize(contracts, parameters);
    }

    /// @inheritdoc ICommunityFactory
    function communityCount() external view returns (uint256) {
        return _communities.length;
    }

    /// @inheritdoc ICommunityFactory
    function communityAt(uint256 index) external view returns (CommunityContracts memory) {
        if (index >= _communities.length) revert UnknownCommunity(index, _communities.length);
        return _communities[index];
    }

    /// @inheritdoc ICommunityFactory
    function implementations() external view returns (Implementations memory) {
        return _implementations;
    }

    function _clone(address settlementToken) private returns (CommunityContracts memory contracts) {
        contracts.community = _implementations.community.clone();
        contracts.treasury = _implementations.treasury.clone();
        contracts.sessions = _implementations.sessions.clone();
        contracts.quorum = _implementations.quorum.clone();
        contracts.refuter = _implementations.refuter.clone();
        contracts.demands = _implementations.demands.clone();
        contracts.notary = _implementations.notary.clone();
        contracts.rewards = _implementations.rewards.clone();
        contracts.desk = _implementations.desk.clone();
        contracts.services = _implementations.services.clone();
        contracts.purchases = _implementations.purchases.clone();
        contracts.loans = _implementations.loans.clone();
        contracts.works = _implementations.works.clone();
        contracts.token = _implementations.token.cloneWithImmutableArgs(
            abi.encode(contracts.community, contracts.treasury, contracts.desk, contracts.rewards)
        );
        contracts.marketplace = _implementations.marketplace.cloneWithImmutableArgs(
            abi.encode(contracts.community, contracts.sessions, contracts.quorum, settlementToken)
        );
    }

    function _initialize(CommunityContracts memory contracts, CommunityParameters calldata parameters) private {
        Community community = Community(contracts.community);
        SessionHandler sessions = SessionHandler(contracts.sessions);
        OracleQuorum quorum = OracleQuorum(contracts.quorum);
        address euro = parameters.settlementToken;
        community.initialize(parameters.name, parameters.admin, parameters.replacementDelay, contracts);
        Treasury(contracts.treasury).initialize(community, euro, parameters.noticePeriod);
        CommunityToken token = CommunityToken(contracts.token);
        token.initialize(
            parameters.name,
            parameters.tokenSymbol,
            parameters.emissionCap,
            parameters.noticePeriod,
            parameters.leaverPeriod
        );
        _initializeServices(contracts, community, token);
        StakeholderDesk(contracts.desk).initialize(community, token, contracts.treasury, euro);
        quorum.initialize(
            community,
            euro,
            parameters.noticePeriod,
            _clients(contracts),
            contracts.refuter,
            parameters.operators,
            parameters.operatorTerms
        );
        IMarketplace marketplace = IMarketplace(contracts.marketplace);
        MeasurementNotary notary = MeasurementNotary(contracts.notary);
        sessions.initialize(community, marketplace, quorum, notary, parameters.windowLimits);
        notary.initialize(community, quorum, sessions, parameters.evidenceFrom);
        RewardModels(contracts.rewards).initialize(community, quorum, sessions, notary, token);
        Refuter(contracts.refuter).initialize(marketplace, quorum, contracts.demands);
        TreeDemands(contracts.demands).initialize(marketplace, quorum, Refuter(contracts.refuter));
    }

    function _initializeServices(
        CommunityContracts memory contracts,
        Community community,
        CommunityToken token
    ) private {
        TokenEscrow(contracts.services).initialize(community, token);
        TokenEscrow(contracts.purchases).initialize(community, token);
        TokenEscrow(contracts.loans).initialize(community, token);
        TokenEscrow(contracts.works).initialize(community, token);
    }

    /// @dev Whoever puts questions to the operators.
    function _clients(CommunityContracts memory contracts) private pure returns (address[] memory clients) {
        clients = new address[](4);
        clients[0] = contracts.marketplace;
        clients[1] = contracts.notary;
        clients[2] = contracts.rewards;
        clients[3] = contracts.treasury;
    }

    function _requireCode(address account) private view {
        if (account.code.length == 0) revert NotAContract(account);
    }
}
