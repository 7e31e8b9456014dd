// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ICommunity, MemberKind, MemberStatus, Standing} from "./interfaces/ICommunity.sol";
import {ICommunityToken} from "./interfaces/ICommunityToken.sol";
import {IStakeholderDesk} from "./interfaces/IStakeholderDesk.sol";
import {TokenAmount} from "./interfaces/ITokenPolicy.sol";
import {ITreasury} from "./interfaces/ITreasury.sol";

/// @title Where stakeholders pay their yearly fee and buy the community's token
/// @notice All money goes to the treasury at once; the desk holds none. Nothing is taken from who does not pay: a
/// stakeholder in arrears cannot buy, and the community's admin sees it.
contract StakeholderDesk is IStakeholderDesk, Initializable, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice What one fee pays for.
    uint256 public constant FEE_YEAR = 365 days;

    /// @notice How long before its end a paid year may be prolonged.
    uint256 public constant PAID_AHEAD = 60 days;

    uint256 private constant TOKEN = 1e18;

    /// @notice The community whose desk this is.
    ICommunity public community;

    /// @notice The community's token.
    ICommunityToken public token;

    /// @notice The settlement ERC-20.
    IERC20 public settlementToken;

    /// @notice Where the money goes.
    address public treasury;

    /// @inheritdoc IStakeholderDesk
    mapping(bytes32 memberId => uint256) public paidUntil;

    constructor() {
        _disableInitializers();
    }

    /// @notice Sets up a clone. Called once, by the factory, in the transaction that makes it.
    function initialize(
        ICommunity community_,
        ICommunityToken token_,
        address treasury_,
        address settlementToken_
    ) external initializer {
        community = community_;
        token = token_;
        treasury = treasury_;
        settlementToken = IERC20(settlementToken_);
    }

    /// @inheritdoc IStakeholderDesk
    function payYearlyFee(bytes32 memberId) external nonReentrant {
        _requireStakeholder(community.walletOf(memberId));
        uint256 fee = token.amountOf(TokenAmount.YearlyFee);
        uint256 until = paidUntil[memberId];
        if (fee == 0 || until > block.timestamp + PAID_AHEAD) revert NoFeeDue(memberId, until);

        // Who pays late pays from the due date on; what is more than a year back is forgiven, not piled up.
        until = (until + FEE_YEAR > block.timestamp ? until : block.timestamp) + FEE_YEAR;
        paidUntil[memberId] = until;
        emit YearlyFeePaid(memberId, msg.sender, fee, until);
        uint256 arrived = _collect(fee);
        if (arrived < fee) revert FeeNotCovered(arrived, fee);
    }

    /// @inheritdoc IStakeholderDesk
    function buyTokens(uint256 amount, uint256 leastTokens) external nonReentrant returns (uint256 tokens) {
        bytes32 memberId = _requireStakeholder(msg.sender);
        if (isInArrears(memberId)) revert InArrears(memberId, paidUntil[memberId]);
        uint256 price = token.amountOf(TokenAmount.TokenPrice);
        if (price == 0) revert NotForSale();

        uint256 arrived = _collect(amount);
        tokens = (arrived * TOKEN) / price;
        if (tokens == 0 || tokens < leastTokens) revert TooFewTokens(tokens, leastTokens);
        emit TokensBought(msg.sender, arrived, tokens, price);
        token.sell(msg.sender, tokens);
    }

    /// @inheritdoc IStakeholderDesk
    function isInArrears(bytes32 memberId) public view returns (bool) {
        return token.amountOf(TokenAmount.YearlyFee) != 0 && paidUntil[memberId] < block.timestamp;
    }

    /// @dev What arrived counts: a settlement token may take a fee of its own.
    function _collect(uint256 amount) private returns (uint256 arrived) {
        uint256 before = settlementToken.balanceOf(treasury);
        settlementToken.safeTransferFrom(msg.sender, treasury, amount);
        arrived = settlementToken.balanceOf(treasury) - before;
        ITreasury(treasury).recordIncome(address(settlementToken), arrived);
    }

    function _requireStakeholder(address wallet) private view returns (bytes32) {
        Standing memory member = community.standingOf(wallet);
        if (member.kind != MemberKind.Stakeholder || member.status != MemberStatus.Active) {
            revert NotAStakeholder(wallet);
        }
        return member.memberId;
    }
}
