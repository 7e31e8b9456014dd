// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ICommunity} from "./interfaces/ICommunity.sol";
import {Account, IMarketplace} from "./interfaces/IMarketplace.sol";
import {IOracleQuorum} from "./interfaces/IOracleQuorum.sol";
import {ISessionHandler} from "./interfaces/ISessionHandler.sol";
import {ITreasury} from "./interfaces/ITreasury.sol";

/// @title The members' money in the market: paid in, locked, unlocked, paid out
/// @notice The first of the marketplace's three layers. What the contract owes is the sum of all accounts, the pots of
/// the sessions and the treasury's due; it never exceeds the token balance. [1]
abstract contract Escrow is IMarketplace, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @notice The contracts that the market works with: fixed in the clone's own code, read without touching storage.
    struct Peers {
        ICommunity community;
        ISessionHandler sessions;
        IOracleQuorum quorum;
        IERC20 settlementToken;
    }

    /// @inheritdoc IMarketplace
    uint256 public liabilities;

    /// @inheritdoc IMarketplace
    uint256 public owedToTreasury;

    mapping(address account => Account) private _accounts;

    // ---------------------------------------------------------------- in and out

    /// @inheritdoc IMarketplace
    function deposit(uint256 amount) external nonReentrant {
        _deposit(amount);
    }

    /// @inheritdoc IMarketplace
    function depositWithPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external nonReentrant {
        // A permit that somebody else sent first has done its work: the allowance decides, below.
        try
            IERC20Permit(address(_peers().settlementToken)).permit(msg.sender, address(this), amount, deadline, v, r, s)
        {} catch {}
        _deposit(amount);
    }

    /// @inheritdoc IMarketplace
    function claimAvailableFunds(uint256 amount) external nonReentrant {
        _withdraw(amount);
    }

    /// @inheritdoc IMarketplace
    function withdrawAllFunds() external nonReentrant {
        _withdraw(_free(msg.sender));
    }

    /// @inheritdoc IMarketplace
    function moveEscrow(address oldWallet) external {
        address newWallet = _peers().community.successorOf(oldWallet);
        if (newWallet == address(0)) revert NoSuccessor(oldWallet);
        uint256 amount = _free(oldWallet);
        if (amount == 0) revert EmptyAmount();
        _accounts[oldWallet].balance -= amount.toUint128();
        _accounts[newWallet].balance += amount.toUint128();
        emit EscrowMoved(oldWallet, newWallet, amount);
    }

    /// @inheritdoc IMarketplace
    function payTreasury() external nonReentrant {
        uint256 amount = owedToTreasury;
        if (amount == 0) revert EmptyAmount();
        owedToTreasury = 0;
        liabilities -= amount;
        emit TreasuryPaid(amount);
        Peers memory peers = _peers();
        address treasury = peers.community.contracts().treasury;
        peers.settlementToken.safeTransfer(treasury, amount);
        ITreasury(treasury).recordIncome(address(peers.settlementToken), amount);
    }

    /// @inheritdoc IMarketplace
    function checkFunds(address account) external view returns (uint256 balance, uint256 locked, uint256 free) {
        Account memory funds = _accounts[account];
        return (funds.balance, funds.locked, funds.balance - funds.locked);
    }

    /// @inheritdoc IMarketplace
    function community() external view returns (ICommunity) {
        return _peers().community;
    }

    /// @inheritdoc IMarketplace
    function sessions() external view returns (ISessionHandler) {
        return _peers().sessions;
    }

    /// @inheritdoc IMarketplace
    function quorum() external view returns (IOracleQuorum) {
        return _peers().quorum;
    }

    /// @inheritdoc IMarketplace
    function settlementToken() external view returns (IERC20) {
        return _peers().settlementToken;
    }

    // ---------------------------------------------------------------- for the layers above

    function _peers() internal view returns (Peers memory) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (Peers));
    }

    /// @dev Replaces one lock by another; refuses if the free escrow does not suffice.
    function _relock(address account, uint256 unlock, uint256 lock) internal {
        Account memory funds = _accounts[account];
        uint256 locked = funds.locked - unlock + lock;
        if (locked > funds.balance) {
            revert InsufficientEscrow(account, funds.balance - (funds.locked - unlock), lock);
        }
        _accounts[account].locked = locked.toUint128();
    }

    /// @dev Ends a lock and moves the balance: `debit` leaves the account, `credit` comes in.
    function _settle(address account, uint256 unlock, uint256 debit, uint256 credit) internal {
        Account memory funds = _accounts[account];
        funds.locked = (funds.locked - unlock).toUint128();
        funds.balance = (funds.balance - debit + credit).toUint128();
        _accounts[account] = funds;
    }

    /// @dev Sets aside for the treasury what left an account or a pot.
    function _owe(uint256 amount) internal {
        owedToTreasury += amount;
    }

    // ---------------------------------------------------------------- internals

    function _deposit(uint256 amount) private {
        Peers memory peers = _peers();
        if (!peers.community.isActive(msg.sender)) revert NotActive(msg.sender);
        uint256 before = peers.settlementToken.balanceOf(address(this));
        peers.settlementToken.safeTransferFrom(msg.sender, address(this), amount);
        uint256 arrived = peers.settlementToken.balanceOf(address(this)) - before;
        if (arrived == 0) revert EmptyAmount();
        _accounts[msg.sender].balance += arrived.toUint128();
        liabilities += arrived;
        emit Deposited(msg.sender, arrived);
    }

    function _withdraw(uint256 amount) private {
        if (amount == 0) revert EmptyAmount();
        uint256 free = _free(msg.sender);
        if (amount > free) revert InsufficientEscrow(msg.sender, free, amount);
        _accounts[msg.sender].balance -= amount.toUint128();
        liabilities -= amount;
        emit Withdrawn(msg.sender, amount);
        _peers().settlementToken.safeTransfer(msg.sender, amount);
    }

    function _free(address account) private view returns (uint256) {
        Account memory funds = _accounts[account];
        return funds.balance - funds.locked;
    }
}
