// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20PermitUpgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PermitUpgradeable.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {TokenPolicy} from "./TokenPolicy.sol";
import {ICommunity, MemberKind, MemberStatus, Standing} from "./interfaces/ICommunity.sol";
import {DealPayment, Grants, ICommunityToken, Quote} from "./interfaces/ICommunityToken.sol";
import {CategoryTerms, TokenAmount, TokenCategory} from "./interfaces/ITokenPolicy.sol";
import {TokenCategories} from "./libraries/TokenCategories.sol";

/// @title A community's token: moves among active members, the treasury and the community's own contracts
/// @notice Nobody's tokens move without the holder but in three ways that the adhesion states: escrow that the holder
/// gave, a lost wallet's balance, and what a leaver has left after the period of the rule.
contract CommunityToken is ICommunityToken, TokenPolicy, ERC20PermitUpgradeable {
    /// @notice Incentives that two members got for payments between them.
    struct PairGrants {
        uint96 granted;
        uint32 period;
    }

    /// @notice The contracts that the token works with: fixed in the clone's own code, read without touching storage.
    struct Peers {
        ICommunity community;
        address treasury;
    }

    /// @notice All that the clone's code names: those that payments need, and two more.
    struct AllPeers {
        Peers peers;
        address desk;
        address rewards;
    }

    /// @notice What decides a payment's incentives.
    struct Occasion {
        uint256 amount;
        uint256 fee;
        uint256 valueBps;
        bool mayExceedFee;
        uint32 period;
        bytes32 payerId;
        bytes32 payeeId;
    }

    /// @notice The length of an emission period.
    uint256 public constant EMISSION_PERIOD = 365 days;

    /// @notice The length of an incentive period; periods are counted from the epoch.
    uint256 public constant INCENTIVE_PERIOD = 30 days;

    uint256 private constant FULL_BPS = 10_000;
    /// @dev The limits to incentives count in millionths of a token.
    uint256 private constant LIMIT_UNIT = 1e12;
    uint40 private constant LEAST_LEAVER_PERIOD = 30 days;
    uint40 private constant MOST_LEAVER_PERIOD = 3_650 days;

    /// @inheritdoc ICommunityToken
    uint40 public leaverPeriod;

    uint40 private _createdAt;

    /// @inheritdoc ICommunityToken
    uint256 public emissionCap;

    /// @inheritdoc ICommunityToken
    mapping(uint256 period => uint256) public issuedIn;

    mapping(bytes32 memberId => Grants) private _grants;
    mapping(bytes32 lowerId => mapping(bytes32 higherId => PairGrants)) private _pairs;

    constructor() {
        _disableInitializers();
    }

    /// @notice Sets up a clone. Called once, by the factory, in the transaction that makes it.
    function initialize(
        string calldata name_,
        string calldata symbol_,
        uint256 emissionCap_,
        uint40 noticePeriod_,
        uint40 leaverPeriod_
    ) external initializer {
        if (leaverPeriod_ != 0 && (leaverPeriod_ < LEAST_LEAVER_PERIOD || leaverPeriod_ > MOST_LEAVER_PERIOD)) {
            revert LeaverPeriodOutOfRange(leaverPeriod_, LEAST_LEAVER_PERIOD, MOST_LEAVER_PERIOD);
        }
        __ERC20_init(name_, symbol_);
        __ERC20Permit_init(name_);
        noticePeriod = noticePeriod_;
        leaverPeriod = leaverPeriod_;
        emissionCap = emissionCap_;
        _createdAt = uint40(block.timestamp);
    }

    // ---------------------------------------------------------------- emission

    /// @inheritdoc ICommunityToken
    function issue(uint256 amount) external {
        _requireTokenAdmin();
        _countEmission(amount);
        _mint(treasury(), amount);
    }

    /// @inheritdoc ICommunityToken
    function mintReward(address member, uint256 amount) external {
        if (msg.sender != rewards()) revert NotTheRewards(msg.sender);
        _countEmission(amount);
        // Past the check of members: it was earned while the wallet was one, and may be suspended, left or lost since.
        super._update(address(0), member, amount);
    }

    // ---------------------------------------------------------------- payments

    /// @inheritdoc ICommunityToken
    function pay(address payee, uint256 amount, TokenCategory category, bytes32 paymentReference) external {
        if (category == TokenCategory.Transfer) {
            _pass(msg.sender, payee, amount, paymentReference);
            return;
        }
        Peers memory peers = _peers();
        (Standing memory from, Standing memory to) = _parties(peers.community, msg.sender, payee);
        CategoryTerms memory terms = _openTerms(category, from.kind, to.kind);
        if (amount == 0) revert NothingToPay();
        Occasion memory occasion = _occasion(from.memberId, to.memberId, amount, terms.feeBps);
        Quote memory paid = _incentives(terms, occasion);
        _count(occasion, paid);
        // The incentives are a part of the fee: they never reach the treasury, and none of its tokens are needed.
        unchecked {
            uint256 left = occasion.fee - paid.payerIncentive - paid.payeeIncentive;
            super._update(msg.sender, payee, amount - occasion.fee + paid.payeeIncentive);
            if (left != 0) super._update(msg.sender, peers.treasury, left);
        }
        _tellPayment(payee, category, occasion, paid, paymentReference);
    }

    /// @inheritdoc ICommunityToken
    function payDeal(DealPayment calldata payment) external {
        _requireOwnContract();
        Peers memory peers = _peers();
        (Standing memory from, Standing memory to) = peers.community.standingsOf(payment.payer, payment.payee);
        CategoryTerms memory terms = termsOf(payment.category);
        // Who is no active member when a deal is paid gets no incentive for it; the treasury never is.
        bool isOff = terms.isOff || from.memberId == to.memberId;
        if (isOff || from.status != MemberStatus.Active) terms.payerBps = 0;
        if (isOff || to.status != MemberStatus.Active || payment.payer == peers.treasury) terms.payeeBps = 0;
        Occasion memory occasion = _occasion(from.memberId, to.memberId, payment.amount, payment.feeBps);
        occasion.mayExceedFee = payment.isChecked;
        if (payment.isChecked) occasion.valueBps = payment.valueBps;
        _settleDeal(peers.treasury, payment, terms, occasion);
    }

    /// @inheritdoc ICommunityToken
    function returnEscrow(address wallet, uint256 amount) external {
        _requireOwnContract();
        emit EscrowReturned(msg.sender, wallet, amount);
        super._update(msg.sender, wallet, amount);
    }

    /// @inheritdoc ICommunityToken
    function sell(address buyer, uint256 amount) external {
        if (msg.sender != _allPeers().desk) revert NotOwnContract(msg.sender);
        if (!community().isActive(buyer)) revert NotEntitled(buyer);
        uint256 available = balanceOf(treasury());
        if (amount > available) revert TreasuryTooShort(amount, available);
        emit Sold(buyer, amount);
        super._update(treasury(), buyer, amount);
    }

    /// @inheritdoc ICommunityToken
    function welcome(address wallet) external {
        Standing memory member = community().standingOf(wallet);
        if (member.status != MemberStatus.Active) revert NotEntitled(wallet);
        Grants memory grants = _grants[member.memberId];
        bool isFirst = !grants.isWelcomed;
        if (isFirst) {
            bool isCitizen = member.kind == MemberKind.Citizen;
            grants.isWelcomed = true;
            grants.welcomeDue = uint96(
                amountOf(isCitizen ? TokenAmount.WelcomeCitizen : TokenAmount.WelcomeStakeholder)
            );
        }
        uint256 due = grants.welcomeDue;
        bool isPayable = due != 0 && due <= balanceOf(treasury());
        if (isPayable) grants.welcomeDue = 0;
        if (isPayable || isFirst) _grants[member.memberId] = grants;
        if (isPayable) {
            emit Welcomed(member.memberId, wallet, member.kind, due);
            super._update(treasury(), wallet, due);
        } else if (isFirst && due != 0) {
            emit WelcomeDelayed(member.memberId, wallet, member.kind, due);
        }
    }

    // ---------------------------------------------------------------- lost wallets and leavers

    /// @inheritdoc ICommunityToken
    function moveBalance(address oldWallet) external {
        address newWallet = community().successorOf(oldWallet);
        if (newWallet == address(0)) revert NoSuccessor(oldWallet);
        uint256 amount = balanceOf(oldWallet);
        emit BalanceMoved(oldWallet, newWallet, amount);
        // Past the check of members: the old wallet is none any more, and the new one may have left since.
        super._update(oldWallet, newWallet, amount);
    }

    /// @inheritdoc ICommunityToken
    function settleLeaver(address wallet) external {
        uint256 leftAt = community().leftAt(wallet);
        uint256 until = leftAt == 0 || leaverPeriod == 0 ? type(uint256).max : leftAt + leaverPeriod;
        if (block.timestamp < until) revert LeaverKeeps(wallet, until);
        uint256 amount = balanceOf(wallet);
        emit LeaverBalanceDonated(wallet, amount);
        super._update(wallet, treasury(), amount);
    }

    // ---------------------------------------------------------------- views

    /// @notice The community that the token belongs to, fixed in the clone's own code.
    function community() public view override returns (ICommunity) {
        return _peers().community;
    }

    /// @notice The community's control wallet, fixed in the clone's own code.
    function treasury() public view returns (address) {
        return _peers().treasury;
    }

    /// @inheritdoc ICommunityToken
    function rewards() public view returns (address) {
        return _allPeers().rewards;
    }

    /// @inheritdoc ICommunityToken
    function quote(
        address payer,
        address payee,
        uint256 amount,
        TokenCategory category
    ) external view returns (Quote memory wanted) {
        (Standing memory from, Standing memory to) = _parties(community(), payer, payee);
        CategoryTerms memory terms = termsOf(category);
        Occasion memory occasion = _occasion(from.memberId, to.memberId, amount, terms.feeBps);
        wanted = _incentives(terms, occasion);
        wanted.fee = occasion.fee;
    }

    /// @inheritdoc ICommunityToken
    function grantsOf(bytes32 memberId) external view returns (Grants memory) {
        return _grants[memberId];
    }

    /// @inheritdoc ICommunityToken
    function grantedBetween(bytes32 oneId, bytes32 otherId) external view returns (uint256) {
        PairGrants memory pair = _pair(oneId, otherId);
        return pair.period == incentivePeriod() ? pair.granted : 0;
    }

    /// @inheritdoc ICommunityToken
    function currentPeriod() public view returns (uint256) {
        return (block.timestamp - _createdAt) / EMISSION_PERIOD;
    }

    /// @inheritdoc ICommunityToken
    function incentivePeriod() public view returns (uint32) {
        return uint32(block.timestamp / INCENTIVE_PERIOD);
    }

    // ---------------------------------------------------------------- internals: transfers

    /// @dev A member who left may still send what is left to a member or to the treasury; nobody else may.
    function _update(address from, address to, uint256 amount) internal override {
        if (from != address(0) && to != address(0)) {
            _pass(from, to, amount, bytes32(0));
            return;
        }
        if (to != address(0) && !_mayHold(to)) revert NotEntitled(to);
        super._update(from, to, amount);
    }

    /// @dev A plain transfer; between members it bears the fee of its category.
    function _pass(address from, address to, uint256 amount, bytes32 paymentReference) private {
        Peers memory peers = _peers();
        bool isFromMember = peers.community.isActive(from);
        bool isToMember = peers.community.isActive(to);
        if (
            !isFromMember && !peers.community.isOwnContract(from) && peers.community.statusOf(from) != MemberStatus.Left
        ) {
            revert NotEntitled(from);
        }
        if (!isToMember && !peers.community.isOwnContract(to)) revert NotEntitled(to);
        if (!isFromMember || !isToMember) {
            super._update(from, to, amount);
            return;
        }
        CategoryTerms memory terms = termsOf(TokenCategory.Transfer);
        if (terms.isOff) revert CategoryOff(TokenCategory.Transfer);
        uint256 fee = (amount * terms.feeBps) / FULL_BPS;
        super._update(from, to, amount - fee);
        if (fee != 0) super._update(from, peers.treasury, fee);
        emit Paid(from, to, TokenCategory.Transfer, amount, fee, address(0), 0, 0, 0, paymentReference);
    }

    function _mayHold(address account) private view returns (bool) {
        return community().isActive(account) || community().isOwnContract(account);
    }

    function _countEmission(uint256 amount) private {
        uint256 period = currentPeriod();
        uint256 left = emissionCap - issuedIn[period];
        if (amount > left) revert EmissionCapExceeded(amount, left);
        issuedIn[period] += amount;
        emit Issued(period, amount, issuedIn[period]);
    }

    function _hasNoTokens() internal view override returns (bool) {
        return totalSupply() == 0;
    }

    function _peers() private view returns (Peers memory) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (Peers));
    }

    function _allPeers() private view returns (AllPeers memory) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (AllPeers));
    }

    function _requireOwnContract() private view {
        if (!community().isOwnContract(msg.sender)) revert NotOwnContract(msg.sender);
    }

    // ---------------------------------------------------------------- internals: incentives

    function _parties(
        ICommunity community_,
        address payer,
        address payee
    ) private view returns (Standing memory from, Standing memory to) {
        (from, to) = community_.standingsOf(payer, payee);
        if (from.status != MemberStatus.Active) revert NotEntitled(payer);
        if (to.status != MemberStatus.Active) revert NotEntitled(payee);
        if (from.memberId == to.memberId) revert SelfPayment(payer);
    }

    function _openTerms(
        TokenCategory category,
        MemberKind payer,
        MemberKind payee
    ) private view returns (CategoryTerms memory terms) {
        if (!TokenCategories.fits(category, payer, payee) || TokenCategories.hasStructure(category)) {
            revert WrongCategory(category, payer, payee);
        }
        terms = termsOf(category);
        if (terms.isOff) revert CategoryOff(category);
    }

    /// @dev Moves the amount out of the caller's balance, the fee before the incentives.
    function _settleDeal(
        address treasury_,
        DealPayment calldata payment,
        CategoryTerms memory terms,
        Occasion memory occasion
    ) private {
        uint256 fee = occasion.fee;
        Quote memory paid = _incentives(terms, occasion);
        super._update(msg.sender, payment.payee, payment.amount - fee - payment.structureAmount);
        if (payment.structureAmount != 0) super._update(msg.sender, payment.structure, payment.structureAmount);
        if (fee != 0) super._update(msg.sender, treasury_, fee);
        _payIncentives(treasury_, payment, paid);
        _count(occasion, paid);
        paid.fee = fee;
        _tellDeal(payment, paid);
    }

    function _tellPayment(
        address payee,
        TokenCategory category,
        Occasion memory occasion,
        Quote memory paid,
        bytes32 paymentReference
    ) private {
        emit Paid(
            msg.sender,
            payee,
            category,
            occasion.amount,
            occasion.fee,
            address(0),
            0,
            paid.payerIncentive,
            paid.payeeIncentive,
            paymentReference
        );
    }

    function _tellDeal(DealPayment calldata payment, Quote memory paid) private {
        emit Paid(
            payment.payer,
            payment.payee,
            payment.category,
            payment.amount,
            paid.fee,
            payment.structure,
            payment.structureAmount,
            paid.payerIncentive,
            paid.payeeIncentive,
            payment.dealReference
        );
    }

    /// @dev Share of the amount, capped per payment; by the fee, but for a deal whose value was checked; by what the pair
    /// and each of the two have left in the period. Rounded down.
    function _incentives(
        CategoryTerms memory terms,
        Occasion memory occasion
    ) private view returns (Quote memory wanted) {
        uint256 most = terms.mostPerPayment * LIMIT_UNIT;
        uint256 toPayer = Math.min(_share(occasion, terms.payerBps), most);
        uint256 toPayee = Math.min(_share(occasion, terms.payeeBps), most);
        if (!occasion.mayExceedFee) (toPayer, toPayee) = _fit(toPayer, toPayee, occasion.fee);
        if (toPayer + toPayee == 0) return wanted;
        most = terms.mostPerMember * LIMIT_UNIT;
        if (toPayer != 0) toPayer = Math.min(toPayer, _room(_grants[occasion.payerId], most, occasion.period));
        if (toPayee != 0) toPayee = Math.min(toPayee, _room(_grants[occasion.payeeId], most, occasion.period));
        PairGrants storage pair = _pair(occasion.payerId, occasion.payeeId);
        most = terms.mostPerPair * LIMIT_UNIT;
        if (pair.period == occasion.period) most = _left(most, pair.granted);
        (wanted.payerIncentive, wanted.payeeIncentive) = _fit(toPayer, toPayee, most);
    }

    /// @dev What was granted counts in its own period alone.
    function _room(Grants storage grants, uint256 most, uint32 period) private view returns (uint256) {
        return grants.period == period ? _left(most, grants.granted) : most;
    }

    function _occasion(
        bytes32 payerId,
        bytes32 payeeId,
        uint256 amount,
        uint256 feeBps
    ) private view returns (Occasion memory occasion) {
        occasion.amount = amount;
        occasion.fee = (amount * feeBps) / FULL_BPS;
        occasion.valueBps = FULL_BPS;
        occasion.period = incentivePeriod();
        occasion.payerId = payerId;
        occasion.payeeId = payeeId;
    }

    function _share(Occasion memory occasion, uint256 bps) private pure returns (uint256) {
        return (occasion.amount * bps * occasion.valueBps) / (FULL_BPS * FULL_BPS);
    }

    /// @dev Both, scaled down to a sum of at most `most`.
    function _fit(uint256 toPayer, uint256 toPayee, uint256 most) private pure returns (uint256, uint256) {
        uint256 sum = toPayer + toPayee;
        if (sum <= most) return (toPayer, toPayee);
        return ((toPayer * most) / sum, (toPayee * most) / sum);
    }

    function _left(uint256 most, uint256 used) private pure returns (uint256) {
        return most > used ? most - used : 0;
    }

    function _pair(bytes32 oneId, bytes32 otherId) private view returns (PairGrants storage) {
        return oneId < otherId ? _pairs[oneId][otherId] : _pairs[otherId][oneId];
    }

    /// @dev Never a refused payment because the treasury is empty: what it has is paid, and an event says so.
    function _payIncentives(address treasury_, DealPayment calldata payment, Quote memory paid) private {
        uint256 wanted = paid.payerIncentive + paid.payeeIncentive;
        if (wanted == 0) return;
        uint256 balance = balanceOf(treasury_);
        if (wanted > balance) {
            (paid.payerIncentive, paid.payeeIncentive) = _fit(paid.payerIncentive, paid.payeeIncentive, balance);
            uint256 given = paid.payerIncentive + paid.payeeIncentive;
            emit TreasuryShort(payment.payer, payment.payee, payment.category, wanted, given);
        }
        if (paid.payerIncentive != 0) super._update(treasury_, payment.payer, paid.payerIncentive);
        if (paid.payeeIncentive != 0) super._update(treasury_, payment.payee, paid.payeeIncentive);
    }

    function _count(Occasion memory occasion, Quote memory paid) private {
        uint256 sum = paid.payerIncentive + paid.payeeIncentive;
        if (sum == 0) return;
        uint32 period = occasion.period;
        if (paid.payerIncentive != 0) _countMember(_grants[occasion.payerId], paid.payerIncentive, period);
        if (paid.payeeIncentive != 0) _countMember(_grants[occasion.payeeId], paid.payeeIncentive, period);
        PairGrants storage pair = _pair(occasion.payerId, occasion.payeeId);
        if (pair.period == period) sum += pair.granted;
        (pair.granted, pair.period) = (uint96(sum), period);
    }

    function _countMember(Grants storage grants, uint256 sum, uint32 period) private {
        if (grants.period == period) sum += grants.granted;
        (grants.granted, grants.period) = (uint96(sum), period);
    }
}
